"""English words about time."""

from __future__ import annotations

from intents.dates.tokens import Sense

WORDS: dict[Sense, str] = {
    Sense.NUM: (
        "zero=0;one=1;two=2;three=3;four=4;five=5;six=6;seven=7;eight=8;nine=9;ten=10;eleven=11;twelve=12;"
        "thirteen=13;fourteen=14;fifteen=15;sixteen=16;seventeen=17;eighteen=18;nineteen=19;twenty=20;"
        "thirty=30;forty|fourty=40;fifty=50;first=1;second=2;third=3;fourth=4;fifth=5;sixth=6;seventh=7;"
        "eighth=8;"
        "ninth=9;tenth=10;eleventh=11;twelfth=12;thirteenth=13;fourteenth=14;fifteenth=15;sixteenth=16;"
        "seventeenth=17;eighteenth=18;nineteenth=19;twentieth=20;thirtieth=30;couple of|a couple of|couple=2"
    ),
    Sense.ORDINAL: (
        "first=1;second=2;third=3;fourth=4;fifth=5;sixth=6;seventh=7;eighth=8;ninth=9;tenth=10;eleventh=11;"
        "twelfth=12;thirteenth=13;fourteenth=14;fifteenth=15;sixteenth=16;seventeenth=17;eighteenth=18;"
        "nineteenth=19;twentieth=20;thirtieth=30"
    ),
    Sense.TENS: "twenty=20;thirty=30;forty|fourty=40;fifty=50",
    Sense.WEEKDAY: (
        "monday|mon|mondays|monady=0;tuesday|tue|tues|tuesdays|teusday=1;"
        "wednesday|wed|weds|wednesdays|wensday|wednsday=2;"
        "thursday|thu|thur|thurs|thursdays|thrusday=3;friday|fri|fridays|firday=4;saturday|sat|saturdays|"
        "saterday=5;"
        "sunday|sun|sundays=6"
    ),
    Sense.MONTH: (
        "january|jan=1;february|feb|febuary=2;march|mar=3;april|apr=4;may=5;june|jun=6;july|jul=7;august|"
        "aug=8;"
        "september|sep|sept=9;october|oct=10;november|nov=11;december|dec=12"
    ),
    Sense.DAY: (
        "today|2 day|todays|today's|this day=0;"
        "tomorrow|tmr|tmrw|tmw|tom|tomorow|tommorow|tommorrow|tomorrow's|tmrow|2 moro|2 morrow|tomoro=1;"
        "day after tomorrow|the day after tomorrow|day after tmr|the day after tmr|overmorrow=2;"
        "yesterday|yday|yesterday's=-1;day before yesterday|the day before yesterday=-2;"
        "tonight|tonite|2 nite|this evening|this morning|this afternoon|later today|last night's=0;last "
        "night=-1"
    ),
    Sense.PART: (
        "morning|mornings|in the morning|this morning|in the am|early morning|first thing in the morning|"
        "breakfast time=0;"
        "at lunch|lunchtime|lunch time|around lunch|at lunchtime|noonish=1;"
        "afternoon|in the afternoon|this afternoon|arvo|late afternoon|afternoons=2;"
        "evening|in the evening|this evening|night|at night|tonight|tonite|2 nite|last night|evenings|late "
        "evening|after dinner|"
        "after sunset|after work=3"
    ),
    Sense.MERIDIEM: "am|a.m|a.m.|a m|a . m .|a . m=0;pm|p.m|p.m.|p m|p . m .|p . m=1",
    Sense.MARK: "@|by|after|before|until|till=1",
    Sense.WEAK_MARK: "at|around|about|approx|like|say|make it|@|from|between|by|after|before|until|till=1",
    Sense.HOUR: "o'clock|oclock|o’clock|o clock|hrs|ish|sharp=1",
    Sense.HALF: "half past|half=1",
    Sense.QUARTER: "quarter|a quarter=15",
    Sense.PAST: "past|after=1",
    Sense.TO: "to|til|till|before=1",
    Sense.FIXED: "noon|12 noon|twelve noon|high noon|midday|mid day=12;midnight|12 midnight=0",
    Sense.UNIT: "minute|minutes|min|mins=0;hour|hours|hr|hrs=1;day|days=2;week|weeks|wk|wks=3;month|"
    "months=4;year|years=5",
    Sense.NEXT: "next|the next|nxt|following|the following|upcoming|coming=1",
    Sense.THIS: "this|this coming|this current|the coming|current=1",
    Sense.LAST: "last|past|previous=1",
    Sense.IN: "in|within=1",
    Sense.AHEAD: "from now|from today|later|ahead|time|hence=1",
    Sense.AGO: "ago|back|earlier=1",
    Sense.SEP: "to|until|till|til|through|thru|-|–|—|~|and|&|up to=1",
    Sense.FROM: "from|between|frm=1",
    Sense.DATE_WORD: "the|date=1",
    Sense.WEEKEND: "weekend|weekends|wkend|wknd=1",
    Sense.EDGE: (
        "start of|the start of|beginning of|the beginning of|early|start|beginning=0;mid|middle of|the "
        "middle of=1;"
        "end of|the end of|late|end=2"
    ),
    Sense.OF: "of=1",
    Sense.ONE: "a|an|one=1",
    Sense.HOLIDAY: (
        "christmas|christmas day|xmas=1225;christmas eve=1224;new year's eve|new years eve|new year eve=1231;"
        "new year|new year's|new years|new year's day|new years day=101;valentine's day|valentines day|"
        "valentine's|"
        "valentines|valentine=214;boxing day=1226;halloween=1031;labour day|labor day=501"
    ),
    Sense.CONNECT: "at|on|,|in|the|of|around|about|by|for|from|@|(|)|say|maybe|like|approx|starting|"
    "sometime|please|pls|and=1",
    Sense.NOW: "now|right now|asap|immediately|straight away=1",
    Sense.PEOPLE: (
        "people|persons|person|pax|guests|guest|of us|adults|adult|kids|nights|night stay|sessions|friends|"
        "rooms|room|"
        "girls|guys|ladies|tickets|star|stars|times|usd|dollars=1"
    ),
    Sense.APPROX: "ish|sharp|or so=1",
}

RISKY_ELSEWHERE = (
    "sun sat mar may a an in on to at half last this next and for like say by about after before the of am "
    "back time "
    "one ten first second past min end start from between late early date tom fri wed mon past until till "
    "new "
    "@ now people person ish quarter dec jan may hence current within etc arvo - – — ~ & couple mid"
)
"""English words that mean something else, or too little, in another language."""
RISKY_IN_VIETNAMESE = "hai six tam chin am pm2 thu mon may oct2 pm3 nov2"
