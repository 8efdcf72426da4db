"""Flows of the shapes Meta publishes in its own documentation and tools, retyped: what Meta shows must pass the lint.

Components, properties, routes, ids and versions are those of the published samples (developers.facebook.com: Flow JSON,
Components, Media upload, templates; WhatsApp-Flows-Tools); the words are ours where they are only words.
"""

from typing import Any, Final

Json = dict[str, Any]

PIXEL: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def column(*children: Json) -> Json:
    return {"type": "SingleColumnLayout", "children": list(children)}


def form(name: str, *children: Json, **more: Any) -> Json:
    return {"type": "Form", "name": name, **more, "children": list(children)}


def text_input(name: str, label: str, input_type: str = "text") -> Json:
    return {"type": "TextInput", "required": True, "label": label, "name": name, "input-type": input_type}


def footer(label: str, action: str, payload: Json | None = None) -> Json:
    return {"type": "Footer", "label": label, "on-click-action": {"name": action, "payload": payload or {}}}


def to_screen(name: str, payload: Json | None = None) -> Json:
    return {"name": "navigate", "next": {"type": "screen", "name": name}, "payload": payload or {}}


def demo(*children: Json, version: str = "7.3", **more: Any) -> Json:
    """The one-screen Flow that the pages about components are full of."""
    screen = {"id": "DEMO_SCREEN", "terminal": True, "title": "Demo screen", "layout": column(*children)}
    return {"version": version, **more, "screens": [screen]}


TERMS: Final[Json] = {
    "id": "TERMS_AND_CONDITIONS",
    "title": "Terms and conditions",
    "data": {},
    "layout": column(
        {"type": "TextHeading", "text": "Our Terms"},
        {"type": "TextSubheading", "text": "Data usage"},
        {"type": "TextBody", "text": "What is asked here is used to make the account, and for nothing else."},
        {"type": "TextSubheading", "text": "Privacy policy"},
        {"type": "TextBody", "text": "It is deleted with the account."},
    ),
}
CREDENTIALS: Final = (text_input("email", "Email address", "email"), text_input("password", "Password", "password"))
NEW_ACCOUNT: Final = (
    text_input("first_name", "First Name"),
    text_input("last_name", "Last Name"),
    text_input("email", "Email address", "email"),
    text_input("password", "Set password", "password"),
    text_input("confirm_password", "Confirm password", "password"),
    {
        "type": "OptIn",
        "name": "terms_agreement",
        "label": "I agree with the terms.",
        "required": True,
        "on-click-action": to_screen("TERMS_AND_CONDITIONS"),
    },
    {"type": "OptIn", "name": "offers_acceptance", "label": "I would like to receive news and offers."},
    footer(
        "Continue",
        "data_exchange",
        {name: f"${{form.{name}}}" for name in ("first_name", "email", "password", "terms_agreement")},
    ),
)
OPTIONS: Final[Json] = {
    "type": "array",
    "items": {"type": "object", "properties": {"id": {"type": "string"}, "title": {"type": "string"}}},
}

SAMPLES: Final[dict[str, Json]] = {
    "sign in, with links to other screens and terms behind an opt-in": {
        "version": "2.1",
        "data_api_version": "3.0",
        "data_channel_uri": "https://example.com",
        "routing_model": {
            "SIGN_IN": ["SIGN_UP", "FORGOT_PASSWORD"],
            "SIGN_UP": ["TERMS_AND_CONDITIONS"],
            "FORGOT_PASSWORD": [],
            "TERMS_AND_CONDITIONS": [],
        },
        "screens": [
            {
                "id": "SIGN_IN",
                "title": "Sign in",
                "terminal": True,
                "data": {},
                "layout": column(
                    form(
                        "sign_in_form",
                        *CREDENTIALS,
                        {
                            "type": "EmbeddedLink",
                            "text": "Don't have an account? Sign up",
                            "on-click-action": to_screen("SIGN_UP"),
                        },
                        {
                            "type": "EmbeddedLink",
                            "text": "Forgot password",
                            "on-click-action": to_screen("FORGOT_PASSWORD", {"body": "Example"}),
                        },
                        footer("Sign in", "data_exchange", {"email": "${form.email}", "password": "${form.password}"}),
                    )
                ),
            },
            {"id": "SIGN_UP", "title": "Sign up", "data": {}, "layout": column(form("sign_up_form", *NEW_ACCOUNT))},
            {
                "id": "FORGOT_PASSWORD",
                "title": "Forgot password",
                "terminal": True,
                "data": {"body": {"type": "string", "__example__": "We will send a link that is good for a day."}},
                "layout": column(
                    form(
                        "forgot_password_form",
                        {"type": "TextBody", "text": "${data.body}"},
                        text_input("email", "Email address", "email"),
                        footer("Sign in", "data_exchange", {"email": "${form.email}"}),
                    )
                ),
            },
            TERMS,
        ],
    },
    "register, with messages of the endpoint at the fields": {
        "version": "5.1",
        "data_api_version": "3.0",
        "routing_model": {"REGISTER": ["TERMS_AND_CONDITIONS"], "TERMS_AND_CONDITIONS": []},
        "screens": [
            {
                "id": "REGISTER",
                "title": "Register for an account",
                "terminal": True,
                "data": {
                    "error_messages": {
                        "type": "object",
                        "properties": {"confirm_password": {"type": "string"}},
                        "__example__": {"confirm_password": "Passwords don't match."},
                    }
                },
                "layout": column(form("register_form", *NEW_ACCOUNT, **{"error-messages": "${data.error_messages}"})),
            },
            TERMS,
        ],
    },
    "book a table, times by an endpoint after each choice": {
        "version": "6.0",
        "data_api_version": "3.0",
        "routing_model": {"BOOK_TABLE": ["BOOKING_DETAILS"], "BOOKING_DETAILS": []},
        "screens": [
            {
                "id": "BOOK_TABLE",
                "title": "Book a table",
                "data": {
                    "is_dropdown_visible": {"type": "boolean", "__example__": False},
                    "time": {**OPTIONS, "__example__": [{"id": "1", "title": "12:30"}, {"id": "2", "title": "13:30"}]},
                    "unavailable_dates": {
                        "type": "array",
                        "items": {"type": "string"},
                        "__example__": ["2027-01-02", "2027-01-03"],
                    },
                },
                "layout": column(
                    form(
                        "book_table_form",
                        {
                            "type": "DatePicker",
                            "name": "date",
                            "label": "Date",
                            "min-date": "2027-01-01",
                            "max-date": "2027-12-31",
                            "unavailable-dates": "${data.unavailable_dates}",
                            "required": True,
                            "on-select-action": {
                                "name": "data_exchange",
                                "payload": {"date": "${form.date}", "component_action": "update_date"},
                            },
                        },
                        {
                            "type": "Dropdown",
                            "label": "Time",
                            "name": "time",
                            "data-source": "${data.time}",
                            "required": "${data.is_dropdown_visible}",
                            "visible": "${data.is_dropdown_visible}",
                        },
                        {"type": "Footer", "label": "Continue", "on-click-action": to_screen("BOOKING_DETAILS")},
                    )
                ),
            },
            {
                "id": "BOOKING_DETAILS",
                "title": "Booking details",
                "terminal": True,
                "success": True,
                "data": {},
                "layout": column(
                    form(
                        "details_form",
                        {"type": "TextInput", "label": "Name", "name": "name", "required": True},
                        {
                            "type": "TextArea",
                            "label": "Requirements",
                            "name": "requirements",
                            "helper-text": "",
                            "required": False,
                        },
                        footer("Confirm booking", "data_exchange", {"name": "${form.name}"}),
                    )
                ),
            },
        ],
    },
    "a survey without labels, before version 4.0": {
        "version": "3.1",
        "screens": [
            {
                "id": "SURVEY_SCREEN",
                "title": "Survey",
                "terminal": True,
                "data": {},
                "layout": column(
                    form(
                        "form",
                        {"type": "TextHeading", "text": "Tour feedback"},
                        {"type": "TextCaption", "text": "It takes a minute.\n\n"},
                        {
                            "type": "RadioButtonsGroup",
                            "required": True,
                            "name": "tour_guides",
                            "data-source": [
                                {"id": "0", "title": "Knowledgeable and friendly"},
                                {"id": "1", "title": "Knowledgeable but not friendly"},
                            ],
                        },
                        footer("Submit", "complete", {"tour_guides": "${form.tour_guides}"}),
                    )
                ),
            }
        ],
    },
    "an opt-in of 120 characters, an empty routing model of one screen": demo(
        {
            "type": "OptIn",
            "name": "optin",
            "label": "I have read the terms of service and the privacy notice " + "x" * 64,
        },
        footer("Continue", "data_exchange"),
        data_api_version="3.0",
        routing_model={},
    ),
    "an external link and an opt-in that opens a page": demo(
        {
            "type": "EmbeddedLink",
            "text": "This is an external link.",
            "on-click-action": {"name": "open_url", "url": "https://www.whatsapp.com/"},
        },
        {
            "type": "OptIn",
            "label": "I agree to the terms.",
            "name": "T&Cs",
            "on-click-action": {"name": "open_url", "url": "https://www.whatsapp.com/"},
        },
        footer("Continue", "complete"),
        version="6.0",
    ),
    "a navigation list with an action on each item": {
        "version": "6.2",
        "screens": [
            {
                "id": "FIRST_SCREEN",
                "title": "Our offers",
                "data": {},
                "layout": column(
                    {
                        "type": "NavigationList",
                        "name": "insurances",
                        "list-items": [
                            {
                                "id": "home",
                                "main-content": {
                                    "title": "Home Insurance",
                                    "metadata": "Against fire, water and theft",
                                },
                                "start": {"image": PIXEL, "alt-text": "a house"},
                                "end": {"title": "$100", "description": "/ month"},
                                "badge": "New",
                                "tags": ["Best", "Safe"],
                                "on-click-action": to_screen("SECOND_SCREEN"),
                            },
                            {
                                "id": "health",
                                "main-content": {"title": "Health Insurance", "description": "For all of you"},
                                "on-click-action": to_screen("SECOND_SCREEN"),
                            },
                        ],
                    }
                ),
            },
            {
                "id": "SECOND_SCREEN",
                "title": "Your choice",
                "terminal": True,
                "data": {},
                "layout": column({"type": "TextHeading", "text": "Thank you"}, footer("Done", "complete")),
            },
        ],
    },
    "a navigation list out of the endpoint's data": {
        "version": "7.0",
        "data_api_version": "3.0",
        "routing_model": {"FIRST_SCREEN": ["CONTACT"], "CONTACT": []},
        "screens": [
            {
                "id": "FIRST_SCREEN",
                "title": "Our offers",
                "data": {
                    "insurances": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "id": {"type": "string"},
                                "main-content": {"type": "object", "properties": {"title": {"type": "string"}}},
                            },
                        },
                        "__example__": [{"id": "home", "main-content": {"title": "Home Insurance"}}],
                    }
                },
                "layout": column(
                    {
                        "type": "NavigationList",
                        "name": "insurances",
                        "list-items": "${data.insurances}",
                        "on-click-action": {"name": "data_exchange", "payload": {"selection": "${form.insurances}"}},
                    }
                ),
            },
            {
                "id": "CONTACT",
                "title": "Contact",
                "terminal": True,
                "layout": column(footer("Done", "complete")),
            },
        ],
    },
    "If with a Footer in both branches": {
        "version": "4.0",
        "screens": [
            {
                "id": "SCREEN",
                "title": "Welcome",
                "terminal": True,
                "success": True,
                "data": {"value": {"type": "boolean", "__example__": True}},
                "layout": column(
                    {"type": "TextInput", "label": "Animal", "name": "animal", "helper-text": "Type: cat"},
                    {
                        "type": "If",
                        "condition": "(${data.value} && (${form.animal} == 'cat'))",
                        "then": [{"type": "TextHeading", "text": "It is a cat"}, footer("Cat", "complete")],
                        "else": [{"type": "TextHeading", "text": "It is not a cat"}, footer("Other", "complete")],
                    },
                ),
            }
        ],
    },
    "Switch inside If, over another screen's choice, with a reading way back": {
        "version": "4.0",
        "routing_model": {"SELECT_SERVICES": ["SELECT_INSURANCE"]},
        "screens": [
            {
                "id": "SELECT_INSURANCE",
                "title": "Select insurance",
                "layout": column(
                    {
                        "type": "RadioButtonsGroup",
                        "name": "insurance",
                        "label": "Please select your coverage",
                        "data-source": [{"id": "basic", "title": "Basic"}, {"id": "full", "title": "Premium"}],
                    }
                ),
            },
            {
                "id": "SELECT_SERVICES",
                "terminal": True,
                "title": "Select services",
                "layout": column(
                    {
                        "type": "If",
                        "condition": "(${screen.SELECT_INSURANCE.form.insurance} != '')",
                        "then": [
                            {
                                "type": "Switch",
                                "value": "${screen.SELECT_INSURANCE.form.insurance}",
                                "cases": {
                                    "basic": [{"type": "TextBody", "text": "You have chosen the basic one"}],
                                    "full": [{"type": "TextBody", "text": "You have chosen the whole one"}],
                                },
                            }
                        ],
                        "else": [{"type": "TextBody", "text": "You have chosen none"}],
                    },
                    {
                        "type": "EmbeddedLink",
                        "text": "Choose insurance type",
                        "on-click-action": to_screen("SELECT_INSURANCE"),
                    },
                    footer("Complete", "complete", {"type": "${screen.SELECT_INSURANCE.form.insurance}"}),
                ),
            },
        ],
    },
    "photos for the endpoint": demo(
        form(
            "flow_path",
            {
                "type": "PhotoPicker",
                "name": "photo_picker",
                "label": "Upload photos",
                "description": "Please attach images about the received items",
                "photo-source": "camera_gallery",
                "min-uploaded-photos": 1,
                "max-uploaded-photos": 10,
                "max-file-size-kb": 10240,
            },
            footer("Submit", "data_exchange", {"images": "${form.photo_picker}"}),
        ),
        version="5.1",
        data_api_version="3.0",
        routing_model={"DEMO_SCREEN": []},
    ),
    "one document with the answer": demo(
        {
            "type": "DocumentPicker",
            "name": "document_picker",
            "label": "Contract",
            "min-uploaded-documents": 1,
            "max-uploaded-documents": 1,
            "max-file-size-kb": 1024,
            "allowed-mime-types": ["image/jpeg", "application/pdf"],
        },
        footer("Submit", "complete", {"documents": "${form.document_picker}"}),
        version="6.3",
    ),
    "a calendar for one day and one for a range": demo(
        {
            "type": "CalendarPicker",
            "name": "calendar",
            "label": "Single date",
            "helper-text": "Select a date",
            "required": True,
            "mode": "single",
            "min-date": "2027-10-21",
            "max-date": "2027-12-12",
            "unavailable-dates": ["2027-11-28", "2027-11-01"],
            "include-days": ["Mon", "Tue", "Wed", "Thu", "Fri"],
            "init-value": "2027-10-23",
        },
        {
            "type": "CalendarPicker",
            "name": "calendar_range",
            "title": "Range",
            "description": "Use this to select a date range",
            "label": {"start-date": "Start date", "end-date": "End date"},
            "helper-text": {"start-date": "Select from date", "end-date": "Select to date"},
            "required": {"start-date": True, "end-date": False},
            "mode": "range",
            "min-date": "2027-10-21",
            "max-date": "2027-12-12",
            "min-days": 3,
            "max-days": 10,
            "init-value": {"start-date": "2027-10-22", "end-date": "2027-10-25"},
        },
        footer("Continue", "complete", {"calendar": "${form.calendar}", "range": "${form.calendar_range}"}),
        version="6.1",
    ),
    "chips, and options that change the screen": {
        "version": "6.3",
        "screens": [
            {
                "id": "ADDRESS_SELECTION",
                "title": "Address selection",
                "terminal": True,
                "data": {
                    "states": {**OPTIONS, "__example__": []},
                    "state_visibility": {"type": "boolean", "__example__": False},
                },
                "layout": column(
                    {
                        "type": "RadioButtonsGroup",
                        "name": "select_country",
                        "label": "Select country:",
                        "data-source": [
                            {
                                "id": "1",
                                "title": "USA",
                                "on-select-action": {
                                    "name": "update_data",
                                    "payload": {
                                        "states": [{"id": "new_york", "title": "New York"}],
                                        "state_visibility": True,
                                    },
                                },
                                "on-unselect-action": {"name": "update_data", "payload": {"state_visibility": False}},
                            }
                        ],
                    },
                    {
                        "type": "ChipsSelector",
                        "name": "chips",
                        "label": "Personalize your experience",
                        "description": "Choose what you are interested in",
                        "max-selected-items": 2,
                        "data-source": [
                            {"id": "room_layout", "title": "🏡 Room layouts"},
                            {"id": "lighting", "title": "💡 Lighting"},
                        ],
                    },
                    {
                        "type": "RadioButtonsGroup",
                        "name": "select_states",
                        "label": "Select state:",
                        "visible": "${data.state_visibility}",
                        "data-source": "${data.states}",
                    },
                    footer("Complete", "complete"),
                ),
            }
        ],
    },
    "a carousel": demo(
        {
            "type": "ImageCarousel",
            "scale-type": "cover",
            "images": [{"alt-text": "Landscape image", "src": PIXEL}, {"alt-text": "Square image", "src": PIXEL}],
        },
        footer("Continue", "complete"),
        version="7.1",
    ),
    "rich text over a Footer, words in several lines": demo(
        {"type": "RichText", "text": ["# Terms", "1. Be kind", "[More](https://www.whatsapp.com/)"]},
        footer("Accept", "complete"),
        version="6.3",
    ),
    "expressions, markdown and a pattern": demo(
        {
            "type": "TextInput",
            "label": "First name",
            "input-type": "text",
            "name": "first name",
            "pattern": "[A-Z].*",
            "helper-text": "Begin with a capital",
            "required": True,
        },
        {"type": "TextInput", "label": "Age", "input-type": "number", "name": "age", "required": True},
        {"type": "TextBody", "text": "`${form.age} ' years old.'`", "visible": "`${form.age} > 18`"},
        {"type": "TextBody", "markdown": True, "text": ["This is ~~***really important***~~"]},
        {"type": "TextCaption", "font-weight": "bold", "strikethrough": True, "text": "Small print"},
        footer("Continue", "complete"),
        version="6.2",
    ),
}
