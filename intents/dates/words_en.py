"""English words about time."""

from __future__ import annotations

from intents.dates.tokens import Sense

WORDS: dict[Sense, str] = {
    Sense.NUM: (
        "zero=0;one=1;two=2;three=3;four=4;five=5;six=6;seven=7;eight=8;nine=9;ten=10;eleven=11;twelve=12;"
        "thirteen=13;fourteen=14;fifteen=15;sixteen=16;seventeen=17;eighteen=18;nineteen=19;twenty=20;thirty=30;"
        "forty|fourty=40;fifty=50;first=1;second=2;third=3;fourth=4;fifth=5;sixth=6;seventh=7;eighth=8;ninth=9;"
        "tenth=10;eleventh=11;twelfth=12;thirteenth=13;fourteenth=14;fifteenth=15;sixteenth=16;seventeenth=17;"
        "eighteenth=18;nineteenth=19;twentieth=20;thirtieth=30;couple of|a couple of|couple=2;few|a few|several=3"
    ),
    Sense.ORDINAL: (
        "first=1;second=2;third=3;fourth=4;fifth=5;sixth=6;seventh=7;eighth=8;ninth=9;tenth=10;eleventh=11;"
        "twelfth=12;thirteenth=13;fourteenth=14;fifteenth=15;sixteenth=16;seventeenth=17;eighteenth=18;"
        "nineteenth=19;twentieth=20;thirtieth=30"
    ),
    Sense.TENS: "twenty=20;thirty=30;forty|fourty=40;fifty=50",
    Sense.WEEKDAY: (
        "monday|mon|mondays|monady=0;tuesday|tue|tues|tuesdays|teusday=1;wednesday|wed|weds|wednesdays|wensday|"
        "wednsday=2;thursday|thu|thur|thurs|thursdays|thrusday=3;friday|fri|fridays|firday=4;saturday|sat|"
        "saturdays|saterday=5;sunday|sun|sundays=6"
    ),
    Sense.MONTH: (
        "january|jan=1;february|feb|febuary=2;march|mar=3;april|apr=4;may=5;june|jun=6;july|jul=7;august|aug=8;"
        "september|sep|sept=9;october|oct=10;november|nov=11;december|dec=12"
    ),
    Sense.DAY: (
        "today|2day|todays|today's|this day=0;tomorrow|tmr|tmrw|tmw|tom|tomorow|tommorow|tommorrow|tomorrow's|"
        "tmrow|2moro|2morrow|2mrw|tomoro|tomoz|tmoro=1;day after tomorrow|the day after tomorrow|day after tmr|"
        "the day after tmr|overmorrow=2;yesterday|yday|yesterday's=-1;day before yesterday|the day before "
        "yesterday=-2;tonight|tonite|2nite|2night|this evening|this morning|this afternoon|later today|eod|end "
        "of day|end of the day=0;last night|last night's|last evening=-1"
    ),
    Sense.PART: (
        "morning|mornings|in the morning|this morning|in the am|early morning|in the early morning|late morning|"
        "first thing in the morning|breakfast time|after breakfast|before lunch|"
        "before lunchtime=0;at lunch|lunchtime|lunch time|around lunch|at lunchtime|"
        "noonish=1;afternoon|in the afternoon|this afternoon|arvo|late afternoon|afternoons|after "
        "lunch|after lunchtime|after our lunch|after my lunch|past lunch|before dinner|before sunset=2;evening|eve|"
        "in the evening|this evening|night|at night|tonight|tonite|2nite|2night|last night|last evening|the night|"
        "evenings|late evening|after dinner|after sunset|after work|after office hours=3"
    ),
    Sense.MERIDIEM: "am|a.m|a.m.|a m|a. m.=0;pm|p.m|p.m.|p m|p. m.=1",
    Sense.MARK: "@|by|after|before|until|till=1",
    Sense.WEAK_MARK: "either|at|around|about|approx|like|say|make it|@|from|between|by|after|before|until|till=1",
    Sense.HOUR: "o'clock|oclock|o’clock|o clock|ish|sharp=1;h|hours|hrs=2",
    Sense.HALF: "half past|half=1",
    Sense.QUARTER: "quarter|a quarter=15",
    Sense.PAST: "past|after=1",
    Sense.TO: "to|til|till|before=1",
    Sense.FIXED: "noon|12 noon|twelve noon|high noon|midday|mid day=12;midnight|12 midnight=0",
    Sense.UNIT: (
        "minute|minutes|min|mins=0;hour|hours|hr|hrs|h=1;day|days=2;week|weeks|wk|wks=3;month|months=4;year|"
        "years=5;fortnight|fortnights=6;quarter|quarters=7"
    ),
    Sense.NEXT: "next|the next|nxt|following|the following|upcoming|coming=1",
    Sense.THIS: "this|this coming|this current|the coming|current=1",
    Sense.LAST: "last|past|previous=1",
    Sense.IN: "in|within=1",
    Sense.AHEAD: "from now|from today|from now on|later|ahead|time|hence=1",
    Sense.AGO: "ago|back=1",
    Sense.SEP: "to|until|till|til|through|thru|-|–|—|~|and|&|up to=1",
    Sense.FROM: "from|between|frm=1",
    Sense.DATE_WORD: "the|date=1",
    Sense.WEEKEND: "weekend|weekends|wkend|wknd=1",
    Sense.EDGE: (
        "start of|the start of|beginning of|the beginning of|early|start|beginning=0;mid|middle of|the middle "
        "of=1;end of|the end of|late|end=2"
    ),
    Sense.OF: "of=1",
    Sense.OR: "or|/=1",
    Sense.ARRIVE: "check in|checkin|check-in|checking in|check in on|arrive|arriving|arrival|arrive on=1",
    Sense.LEAVE: (
        "check out|checkout|check-out|checking out|check out on|leave|leaving|departure|depart|departing|stay till|"
        "stay until|staying till|staying until=1"
    ),
    Sense.BY: "by|before|until|till|no later than|at the latest by=1",
    Sense.EARLIER: "before|prior to|ahead of=1",
    Sense.LATER: "after|from|following=1",
    Sense.NTH: "first|very first=1;second=2;third=3;fourth=4;fifth=5;last|final|very last=-1",
    Sense.NIGHT: "night|nights=1",
    Sense.YEAR_AWAY: "yesteryear=-1",
    Sense.LABEL: (
        "room|rooms no|villa|gate|platform|page|chapter|version|bus|line|flight|level|floor|table|unit|seat|"
        "episode|season|number|no.|nr|size|step|part|group|team|lane|terminal|row|track|apt|flat|suite|building|"
        "iphone|windows|ps|route|bay|dock|pier|ios|android|ver|model|code|score|lot|block|zone|class|grade=1"
    ),
    Sense.STREET: "jalan|jl|jln|jl.|jln.=1",
    Sense.PLAIN: (
        "may i|may we|may he|may she|may they|may be|sun cream|sunscreen|sun screen|sun block|second hand|one "
        "second|a second|wait a minute|one minute|a minute|just a sec|no time|this time|next time|last time|the "
        "first time|day to day|day by day|second opinion|the other day|one day|some day|someday|next to|next "
        "door|next step|next one|last one|good morning|good afternoon|good evening|good night|happy new year|"
        "merry christmas|happy easter|black friday deal|fast and forward|half board|half day|half price|second "
        "floor|first floor|third floor|first class|second class|day use|sat nav|march on|march in|on the march|"
        "will and april=1"
    ),
    Sense.ONE: "a|an|one=1",
    Sense.HOLIDAY: (
        "christmas|christmas day|xmas=1225;christmas eve=1224;new year's eve|new years eve|new year eve=1231;new "
        "year|new year's|new years|new year's day|new years day=101;valentine's day|valentines day|valentine's|"
        "valentines|valentine|valentine’s day=214;boxing day=1226;halloween=1031;labour day|labor day|may "
        "day=501;st patrick's day|st. patrick's day|st patricks day|saint patrick's day=317;women's day|womens "
        "day=308;april fool's day|april fools day|april fools'=401;guy fawkes night|bonfire night=1105;anzac "
        "day=425;australia day=126;independence day of indonesia|indonesian independence day=817;easter|easter "
        "sunday|easter day=2001;good friday=2002;easter monday=2003;ascension day=2004;pentecost|whit "
        "sunday=2005;mother's day|mothers day|mothers' day|mother’s day=2011;father's day|fathers day|fathers' "
        "day|father’s day=2012;thanksgiving|thanksgiving day=2013;black friday=2014;tet|tet holiday|lunar new "
        "year|vietnamese new year=2021;mid-autumn festival|mid autumn festival|moon festival=2023;chinese new "
        "year|cny=2025;eid|eid al-fitr|eid al fitr|eid ul fitr|idul fitri|lebaran|hari raya=2031;eid al-adha|eid "
        "al adha=2032;nyepi|day of silence|silent day=2033;vesak|waisak=2034;galungan=2041;kuningan=2042;"
        "memorial day=2015"
    ),
    Sense.CONNECT: (
        "at|on|,|in|the|of|around|about|by|for|from|@|(|)|say|maybe|like|approx|starting|sometime|please|pls|and=1"
    ),
    Sense.NOW: "now|right now|asap|immediately|straight away=1",
    Sense.PEOPLE: (
        "pairs|pair|couples|toddler|toddlers|baby|babies|children|child|"
        "people|persons|person|pax|guests|guest|of us|adults|adult|kids|nights|night stay|sessions|friends|rooms|"
        "room|girls|guys|ladies|tickets|star|stars|times|usd|dollars=1"
    ),
    Sense.APPROX: "ish|sharp|or so=1",
    Sense.SINCE: "since=1",
    Sense.ABOUT: "about|around|roughly|approximately|approx|like|just|maybe=1",
}

RISKY_ELSEWHERE = (
    "eve sun sat mar may a an in on to at half last this next and for like say by about after before the of am "
    "back time one ten first second past min end start from between late early date tom fri wed mon until till "
    "new few several @ now people person ish quarter quarters h hours following prior final no. number room "
    "gate page bus line level table unit seat season size step part group team lane row track flat dock ver "
    "model code score lot block zone class grade or / villa hand dec jan hence current within etc arvo - – — ~ "
    "& couple mid"
)
"""English words that mean something else, or too little, in another language."""

RISKY_IN_VIETNAMESE = "hai six tam chin am pm2 thu mon may oct2 pm3 nov2"
