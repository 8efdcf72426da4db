"""Flows with one thing wrong each: what the lint has to say of it, and where."""

from typing import Any

from tests.flows.meta_samples import column, demo, footer, to_screen

Json = dict[str, Any]


def with_screen(**changes: Any) -> Json:
    flow = demo(footer("Done", "complete"))
    flow["screens"][0].update(changes)
    return flow


def with_component(component: Json, version: str = "7.3") -> Json:
    return demo(component, footer("Done", "complete"), version=version)


def option(number: int, **more: Any) -> Json:
    return {"id": str(number), "title": f"Option {number}", **more}


def group(kind: str = "RadioButtonsGroup", source: Any = None, **more: Any) -> Json:
    usual = {"type": kind, "name": "choice", "label": "Choose", "data-source": source or [option(1), option(2)]}
    return {**usual, **more}


def listed(**more: Any) -> Json:
    item = {"id": "1", "main-content": {"title": "Home"}, "on-click-action": to_screen("LAST"), **more}
    body = column({"type": "NavigationList", "name": "list", "list-items": [item]})
    first = {"id": "FIRST", "title": "First", "layout": body}
    return {"version": "7.3", "screens": [first, {**demo(footer("Done", "complete"))["screens"][0], "id": "LAST"}]}


WRONG: dict[str, tuple[Json, str, str]] = {
    # what is wrong: the Flow, words of the finding, its place
    "an unknown component": (
        with_component({"type": "TextHeader", "text": "x"}),
        "unknown component TextHeader",
        "screens[0].layout.children[0].type",
    ),
    "a component without a type": (with_component({"text": "x"}), "has no type", "screens[0].layout.children[0].type"),
    "an unknown property of a component": (
        with_component({"type": "TextBody", "text": "x", "font_weight": "bold"}),
        "unknown property font_weight",
        "screens[0].layout.children[0].font_weight",
    ),
    "an unknown property of a screen": (with_screen(tittle="x"), "did you mean title?", "screens[0].tittle"),
    "an unknown property of the Flow": ({**with_screen(), "screen": []}, "did you mean screens?", "screen"),
    "an unknown property of an option": (
        with_component(group(source=[option(1, subtitle="x")])),
        "unknown property subtitle",
        "data-source[0].subtitle",
    ),
    "an unknown property of an action": (
        demo({**footer("Go", "complete"), "on-click-action": {"name": "complete", "paylod": {}}}),
        "unknown property paylod",
        "on-click-action.paylod",
    ),
    "data as text": (with_screen(data="all of it"), "is text, not an object", "screens[0].data"),
    "a field as text": (with_screen(data={"x": "string"}), "is text, not an object with a type", "screens[0].data.x"),
    "a field of an unknown type": (
        with_screen(data={"x": {"type": "str", "__example__": "a"}}),
        "unknown type str",
        "",
    ),
    "a field without example": (with_screen(data={"x": {"type": "string"}}), "no __example__", "screens[0].data.x"),
    "a null in an example": (
        with_screen(data={"x": {"type": "array", "items": {}, "__example__": [None]}}),
        "null",
        "",
    ),
    "a layout that is a list": (with_screen(layout=[]), "is a list, not an object", "screens[0].layout"),
    "no components": (with_screen(layout={"type": "SingleColumnLayout"}), "has no components", "layout.children"),
    "a screen that is a number": ({"version": "7.3", "screens": [7]}, "is a number, not an object", "screens[0]"),
    "screens that are an object": ({"version": "7.3", "screens": {}}, "missing or empty", "screens"),
    "a version that is a number": ({**with_screen(), "version": 7.3}, "is a number, not text", "version"),
    "a version that never was": ({**with_screen(), "version": "4.5"}, "4.5 is no version", "version"),
    "a data API that never was": ({**with_screen(), "data_api_version": "2"}, "no version of the data API", ""),
    "a data channel where none is allowed": (
        {**with_screen(), "data_channel_uri": "https://x"},
        "not allowed since version 3.0",
        "data_channel_uri",
    ),
    "a component newer than the version": (
        with_component(group("ChipsSelector"), "6.2"),
        "needs Flow JSON 6.3",
        "screens[0].layout.children[0].type",
    ),
    "an action newer than the version": (
        with_component(
            {
                "type": "EmbeddedLink",
                "text": "Terms",
                "on-click-action": {"name": "open_url", "url": "https://x"},
            },
            "5.1",
        ),
        "open_url needs Flow JSON 6.0",
        "on-click-action.name",
    ),
    "a property newer than the version": (
        with_component({"type": "TextBody", "text": "x", "markdown": True}, "5.0"),
        "needs Flow JSON 5.1",
        "markdown",
    ),
    "an input outside a Form before 4.0": (
        with_component({"type": "TextArea", "name": "a", "label": "A"}, "3.1"),
        "outside a Form",
        "",
    ),
    "a group without a label since 4.0": (with_component(group(label="")), "has no label", "label"),
    "an opt-in over 120": (
        with_component({"type": "OptIn", "name": "o", "label": "x" * 121}),
        "label has 121 characters, 120 fit",
        "label",
    ),
    "a blank heading": (with_component({"type": "TextHeading", "text": "  "}), "text is blank", "text"),
    "a heading that is a number": (with_component({"type": "TextHeading", "text": 7}), "is a number, not text", "text"),
    "an option's title over 30": (
        with_component(group(source=[option(1, title="x" * 31)])),
        "title has 31 characters, 30 fit",
        "data-source[0].title",
    ),
    "two options of one id": (
        with_component(group(source=[option(1), option(1)])),
        "two options 1",
        "data-source[1].id",
    ),
    "an option without an id": (with_component(group(source=[{"title": "x"}])), "without id", ""),
    "options that are an object": (with_component(group(source={"type": "static"})), "an object", ""),
    "one chip": (with_component(group("ChipsSelector", source=[option(1)])), "2 to 20 fit", ""),
    "a dropdown of 101 with images": (
        with_component(group("Dropdown", source=[option(n, image="x") for n in range(101)])),
        "1 to 100 fit",
        "data-source",
    ),
    "a kind of input that is none": (
        with_component({"type": "TextInput", "name": "a", "label": "A", "input-type": "date"}),
        "has input-type date",
        "input-type",
    ),
    "a pattern without help": (
        with_component({"type": "TextInput", "name": "a", "label": "A", "pattern": "x"}),
        "no helper-text",
        "helper-text",
    ),
    "required as text": (with_component({"type": "OptIn", "name": "o", "label": "A", "required": "yes"}), "text", ""),
    "three captions": (
        demo({**footer("Go", "complete"), "left-caption": "a", "center-caption": "b", "right-caption": "c"}),
        "center-caption next to others",
        "center-caption",
    ),
    "a Footer in one branch": (
        demo(
            {"type": "TextInput", "name": "a", "label": "A"},
            {"type": "If", "condition": "${form.a} == 'x'", "then": [footer("Go", "complete")]},
        ),
        "none in else",
        "children[1].else",
    ),
    "a second Footer outside the If": (
        demo(
            {"type": "TextInput", "name": "a", "label": "A"},
            {
                "type": "If",
                "condition": "${form.a} == 'x'",
                "then": [footer("Go", "complete")],
                "else": [footer("Go", "complete")],
            },
            footer("Go", "complete"),
        ),
        "Footer · stands 2 times, 1 fit",
        "layout.children",
    ),
    "a condition that compares nothing": (
        with_component({"type": "If", "condition": "true", "then": [{"type": "TextBody", "text": "x"}]}),
        "a condition without",
        "condition",
    ),
    "a Switch without cases": (with_component({"type": "Switch", "value": "x", "cases": {}}), "has no cases", "cases"),
    "a picker in an If": (
        with_component(
            {"type": "If", "condition": "${form.p} == 1", "then": [{"type": "PhotoPicker", "name": "p", "label": "P"}]}
        ),
        "cannot stand in If",
        "",
    ),
    "both pickers": (
        demo(
            {"type": "PhotoPicker", "name": "p", "label": "P"},
            {"type": "DocumentPicker", "name": "d", "label": "D"},
            footer("Done", "complete"),
        ),
        "stands next to a DocumentPicker",
        "",
    ),
    "more photos than may be": (
        with_component({"type": "PhotoPicker", "name": "p", "label": "P", "max-uploaded-photos": 31}),
        "a number from 1 to 30",
        "max-uploaded-photos",
    ),
    "photos inside something": (
        demo(
            {"type": "PhotoPicker", "name": "p", "label": "P"},
            footer("Done", "complete", {"all": {"photos": "${form.p}"}}),
        ),
        "put them at the top",
        "payload",
    ),
    "a day that does not exist": (
        with_component({"type": "CalendarPicker", "name": "c", "label": "C", "min-date": "2027-02-30"}),
        "has min-date 2027-02-30",
        "min-date",
    ),
    "an unavailable day outside the range": (
        with_component(
            {
                "type": "CalendarPicker",
                "name": "c",
                "label": "C",
                "min-date": "2027-01-01",
                "max-date": "2027-02-01",
                "unavailable-dates": ["2027-03-01"],
            }
        ),
        "outside its range",
        "unavailable-dates",
    ),
    "a weekday of another language": (
        with_component({"type": "CalendarPicker", "name": "c", "label": "C", "include-days": ["Senin"]}),
        "includes Senin",
        "include-days",
    ),
    "a list beside other components": (
        demo({"type": "NavigationList", "name": "l", "list-items": []}, footer("Done", "complete")),
        "stands next to Footer",
        "",
    ),
    "a badge over 15": (listed(badge="x" * 16), "badge has 16 characters, 15 fit", "list-items[0].badge"),
    "an item over 20": (
        listed(**{"main-content": {"title": "Home", "description": "x" * 21}}),
        "main-content.description has 21 characters, 20 fit",
        "main-content.description",
    ),
    "a way to nowhere": (
        demo(
            {"type": "EmbeddedLink", "text": "Terms", "on-click-action": to_screen("TERMS")}, footer("Go", "complete")
        ),
        "goes to TERMS, which does not exist",
        "on-click-action",
    ),
    "complete on a screen that is not terminal": (
        {"version": "7.3", "screens": [{**with_screen()["screens"][0], "terminal": False}]},
        "completes, but the screen is not terminal",
        "on-click-action",
    ),
    "an action that is none": (demo(footer("Go", "submit")), "unknown action submit", "on-click-action.name"),
    "an action where it cannot be": (demo(footer("Go", "open_url")), "cannot open_url here", "on-click-action.name"),
    "a reference to another screen's nothing": (
        with_component({"type": "TextBody", "text": "${screen.DEMO_SCREEN.form.x}"}),
        "reads DEMO_SCREEN.form.x",
        "text",
    ),
    "a reference inside backticks to nothing": (
        with_component({"type": "TextBody", "text": "`'Hello ' ${form.first_name}`"}),
        "reads form.first_name, which no component is named",
        "text",
    ),
    "a reference nobody can read": (
        with_component({"type": "TextBody", "text": "${user.name}"}),
        "nobody can read",
        "",
    ),
    "a routing model that is text": (
        {**with_screen(), "data_api_version": "3.0", "routing_model": "SCREEN"},
        "is text, not an object",
        "routing_model",
    ),
    "routes that are text": (
        {**with_screen(), "data_api_version": "3.0", "routing_model": {"DEMO_SCREEN": "NEXT"}},
        "is no list of screens",
        "routing_model.DEMO_SCREEN",
    ),
    "no terminal screen": (
        {"version": "7.3", "screens": [{"id": "A", "title": "A", "layout": column({"type": "TextBody", "text": "x"})}]},
        "no screen is terminal",
        "screens",
    ),
    "four carousels": (
        {
            "version": "7.3",
            "screens": [
                {
                    **demo(
                        *[{"type": "ImageCarousel", "images": [{"src": "x", "alt-text": "x"}]}] * 2,
                        footer("Done", "complete"),
                    )["screens"][0],
                    "id": one,
                }
                for one in ("A", "B")
            ],
        },
        "3 fit into a Flow",
        "",
    ),
}
