//! What things of the demo shop look like, on a grid of 96 × 96. `{m}` is a thing's colour, `{d}` darker, `{l}` paler.

/// The inside of an SVG.
pub type Shape = &'static str;

const LOAF: Shape = "<path fill=\"{m}\" d=\"M18 56c-7-5-5-19 7-21 10-9 36-9 46 0 12 2 14 16 7 21v18a6 6 0 0 1-6 6H24a6 6 0 0 1-6-6z\"/>\
    <path stroke=\"{l}\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"M34 37l5 12M48 35l5 12M62 37l4 11\"/>";
const STICK: Shape = "<g transform=\"rotate(-32 48 52)\"><rect x=\"10\" y=\"40\" width=\"76\" height=\"23\" rx=\"11\" fill=\"{m}\"/>\
    <path stroke=\"{l}\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"M26 45l6 12M42 45l6 12M58 45l6 12\"/></g>";
const BUN: Shape = "<path fill=\"{d}\" d=\"M16 62h64c0 12-8 18-32 18s-32-6-32-18z\"/>\
    <path fill=\"{m}\" d=\"M14 60c0-22 14-34 34-34s34 12 34 34c0 5-68 5-68 0z\"/>\
    <path fill=\"none\" stroke=\"{l}\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"M28 46c4-8 12-11 20-11\"/>";
const PASTRY: Shape = "<path fill=\"{m}\" d=\"M12 68c0-28 16-44 36-44s36 16 36 44c-9 5-17 3-21-5-5 5-25 5-30 0-4 8-12 10-21 5z\"/>\
    <path fill=\"none\" stroke=\"{d}\" stroke-width=\"3\" stroke-linecap=\"round\" d=\"M33 62c-3-12 0-24 5-33M63 62c3-12 0-24-5-33\"/>\
    <path fill=\"none\" stroke=\"{l}\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M22 54c3-10 9-16 15-19\"/>";
const WEDGE: Shape = "<path fill=\"{l}\" d=\"M12 56L66 28c9 2 17 12 18 28z\"/><path fill=\"{m}\" d=\"M12 56h72v20a4 4 0 0 1-4 4H16a4 4 0 0 1-4-4z\"/>\
    <path fill=\"{d}\" d=\"M28 66a5 5 0 1 0 .1 0zM62 68a4 4 0 1 0 .1 0zM46 60a3 3 0 1 0 .1 0zM60 42a4 3 0 1 0 .1 0z\"/>";
const BOTTLE: Shape = "<path fill=\"{m}\" d=\"M42 20h12v12c0 7 11 9 11 21v22a6 6 0 0 1-6 6H37a6 6 0 0 1-6-6V53c0-12 11-14 11-21z\"/>\
    <rect x=\"40\" y=\"12\" width=\"16\" height=\"10\" rx=\"3\" fill=\"{d}\"/><path fill=\"{l}\" d=\"M31 54h34v17H31z\"/>\
    <path stroke=\"#fff\" stroke-opacity=\".45\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M39 50v26\"/>";
const JAR: Shape = "<rect x=\"24\" y=\"28\" width=\"48\" height=\"53\" rx=\"10\" fill=\"{m}\"/><rect x=\"27\" y=\"16\" width=\"42\" height=\"14\" rx=\"4\" fill=\"{d}\"/>\
    <path fill=\"{l}\" d=\"M24 44h48v21H24z\"/><path stroke=\"#fff\" stroke-opacity=\".45\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M33 38v35\"/>";
const TIN: Shape = "<path fill=\"{m}\" d=\"M26 24v50c0 5 10 8 22 8s22-3 22-8V24z\"/><path fill=\"{l}\" d=\"M26 38c8 6 36 6 44 0v22c-8 6-36 6-44 0z\"/>\
    <ellipse cx=\"48\" cy=\"24\" rx=\"22\" ry=\"7\" fill=\"{d}\"/><ellipse cx=\"48\" cy=\"23\" rx=\"17\" ry=\"4.5\" fill=\"{l}\"/>";
const CARTON: Shape = "<path fill=\"{m}\" d=\"M28 36l9-14h22l9 14v40a5 5 0 0 1-5 5H33a5 5 0 0 1-5-5z\"/><path fill=\"{d}\" d=\"M37 14h22v9H37zM28 36h40v5H28z\"/>\
    <path fill=\"{l}\" d=\"M48 48a13 13 0 1 0 .1 0z\"/>";
const TUB: Shape = "<path fill=\"{m}\" d=\"M22 36h52l-6 40a6 6 0 0 1-6 5H34a6 6 0 0 1-6-5z\"/><rect x=\"18\" y=\"27\" width=\"60\" height=\"11\" rx=\"5\" fill=\"{d}\"/>\
    <path fill=\"{l}\" d=\"M24 46h48l-3 20H27z\"/>";
const PACK: Shape = "<rect x=\"22\" y=\"18\" width=\"52\" height=\"63\" rx=\"5\" fill=\"{m}\"/><path fill=\"{d}\" d=\"M22 23a5 5 0 0 1 5-5h42a5 5 0 0 1 5 5v7H22z\"/>\
    <path fill=\"{l}\" d=\"M22 40h52v22H22z\"/><path stroke=\"{d}\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M31 48h26M31 55h15\"/>";
const POUCH: Shape = "<path fill=\"{m}\" d=\"M26 18h44l-4 13c9 14 9 29 5 45a6 6 0 0 1-6 5H31a6 6 0 0 1-6-5c-4-16-4-31 5-45z\"/>\
    <path fill=\"{d}\" d=\"M26 18h44l-3 9H29z\"/><ellipse cx=\"48\" cy=\"56\" rx=\"16\" ry=\"14\" fill=\"{l}\"/>";
const FRUIT: Shape = "<circle cx=\"48\" cy=\"55\" r=\"27\" fill=\"{m}\"/><path fill=\"none\" stroke=\"#6b4a2b\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M48 32c0-6 1-10 3-14\"/>\
    <path fill=\"#5d9b4a\" d=\"M52 26c2-9 10-13 20-12-1 9-9 14-20 12z\"/><path fill=\"none\" stroke=\"#fff\" stroke-opacity=\".5\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"M30 52c1-7 5-12 11-14\"/>";
const BERRIES: Shape = "<circle cx=\"33\" cy=\"64\" r=\"16\" fill=\"{d}\"/><circle cx=\"63\" cy=\"64\" r=\"16\" fill=\"{m}\"/><circle cx=\"48\" cy=\"45\" r=\"16\" fill=\"{m}\"/>\
    <path fill=\"#5d9b4a\" d=\"M48 30c-9-2-14-8-14-15 9 0 14 6 14 15zm0 0c9-2 14-8 14-15-9 0-14 6-14 15z\"/><circle cx=\"43\" cy=\"40\" r=\"4\" fill=\"{l}\"/><circle cx=\"58\" cy=\"59\" r=\"4\" fill=\"{l}\"/>";
const ROOT: Shape = "<path fill=\"#5d9b4a\" d=\"M48 32c-16-2-20-10-20-18 12 0 18 6 20 18zm0 0c16-2 20-10 20-18-12 0-18 6-20 18zm-4 0c-4-10-2-18 4-24 6 6 8 14 4 24z\"/>\
    <path fill=\"{m}\" d=\"M26 36c6-10 38-10 44 0 3 8-10 34-19 45-2 2-4 2-6 0C36 70 23 44 26 36z\"/>\
    <path stroke=\"{d}\" stroke-width=\"3\" stroke-linecap=\"round\" d=\"M34 44h12M54 52h9M40 62h9\"/>";
const LEAVES: Shape = "<path fill=\"{d}\" d=\"M48 80C22 72 12 50 20 26c18 4 28 26 28 54z\"/><path fill=\"{m}\" d=\"M48 80c26-8 36-30 28-54-18 4-28 26-28 54z\"/>\
    <path fill=\"{l}\" d=\"M48 80c-12-16-14-44 0-66 14 22 12 50 0 66z\"/><path stroke=\"{d}\" stroke-width=\"3\" stroke-linecap=\"round\" d=\"M48 30v50\"/>";
const EGGS: Shape = "<path fill=\"{l}\" d=\"M18 60c0-16 7-28 15-28s15 12 15 28zM48 60c0-16 7-28 15-28s15 12 15 28z\"/><path fill=\"{m}\" d=\"M12 56h72l-5 20a6 6 0 0 1-6 5H23a6 6 0 0 1-6-5z\"/>\
    <path stroke=\"{d}\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M33 64v9M63 64v9M48 64v9\"/>";
const FISH: Shape = "<path fill=\"{m}\" d=\"M10 52c12-20 40-24 56-4l18-12c2 10 2 24 0 34L66 58c-16 20-44 14-56-6z\"/><circle cx=\"26\" cy=\"48\" r=\"4\" fill=\"{d}\"/>\
    <path fill=\"none\" stroke=\"{l}\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M38 40c4 8 4 16 0 24M50 42c3 7 3 13 0 19\"/>";
const MEAT: Shape = "<path fill=\"{m}\" d=\"M16 56c-4-22 18-34 36-32 20 2 34 16 30 32-4 18-24 26-40 22-14-3-24-10-26-22z\"/>\
    <path fill=\"{l}\" d=\"M26 54c-2-14 14-22 26-20 14 2 22 10 20 20-3 12-16 16-28 14-9-2-17-6-18-14z\"/><ellipse cx=\"44\" cy=\"50\" rx=\"8\" ry=\"6\" fill=\"{m}\"/>";
const BAR: Shape = "<rect x=\"12\" y=\"36\" width=\"72\" height=\"42\" rx=\"12\" fill=\"{m}\"/><rect x=\"21\" y=\"44\" width=\"54\" height=\"26\" rx=\"8\" fill=\"{l}\"/>\
    <path stroke=\"{d}\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M34 57h28\"/>";
const SWEET: Shape = "<path fill=\"{d}\" d=\"M8 38l22 14L8 68zM88 38L66 52l22 16z\"/><circle cx=\"48\" cy=\"53\" r=\"23\" fill=\"{m}\"/>\
    <path fill=\"none\" stroke=\"{l}\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"M34 60c8 8 20 8 28 0M34 46c8-8 20-8 28 0\"/>";
const BISCUIT: Shape = "<circle cx=\"48\" cy=\"52\" r=\"29\" fill=\"{m}\"/><circle cx=\"48\" cy=\"52\" r=\"22\" fill=\"{l}\"/>\
    <path fill=\"{d}\" d=\"M40 42a4 4 0 1 0 .1 0zM58 46a4 4 0 1 0 .1 0zM46 60a4 4 0 1 0 .1 0zM34 56a3 3 0 1 0 .1 0z\"/>";
const TUBE: Shape = "<path fill=\"{m}\" d=\"M30 14h36l-5 50H35z\"/><path fill=\"{d}\" d=\"M28 11h40v8H28zM37 64h22v13a4 4 0 0 1-4 4H41a4 4 0 0 1-4-4z\"/>\
    <path fill=\"{l}\" d=\"M34 30h28l-2 20H36z\"/>";
const SPRAY: Shape = "<path fill=\"{d}\" d=\"M32 14h28l10 8-4 6H50v8H40v-8l-10 8-5-4z\"/><path fill=\"{m}\" d=\"M38 36h14c10 6 14 14 14 26v13a6 6 0 0 1-6 6H36a6 6 0 0 1-6-6V62c0-12 2-20 8-26z\"/>\
    <path fill=\"{l}\" d=\"M31 54h35v16H30c0-6 0-11 1-16z\"/>";
const ROLL: Shape = "<path fill=\"{l}\" d=\"M28 26h34v48c0 4-34 4-34 0z\"/><ellipse cx=\"62\" cy=\"52\" rx=\"16\" ry=\"28\" fill=\"{m}\"/><ellipse cx=\"62\" cy=\"52\" rx=\"6\" ry=\"11\" fill=\"{d}\"/>\
    <path fill=\"{l}\" d=\"M28 24h34a16 28 0 0 0 0 56H28a16 28 0 0 1 0-56z\"/>";
const BALL: Shape = "<circle cx=\"48\" cy=\"52\" r=\"29\" fill=\"{m}\"/><path fill=\"{l}\" d=\"M48 33l5.600 12 13 1.500-9.600 9 2.600 13L48 62l-11.600 6.500 2.600-13-9.600-9 13-1.500z\"/>";
const BLOCKS: Shape = "<rect x=\"14\" y=\"50\" width=\"32\" height=\"31\" rx=\"5\" fill=\"{m}\"/><rect x=\"50\" y=\"50\" width=\"32\" height=\"31\" rx=\"5\" fill=\"{d}\"/>\
    <rect x=\"32\" y=\"16\" width=\"32\" height=\"31\" rx=\"5\" fill=\"{l}\"/><circle cx=\"30\" cy=\"65\" r=\"8\" fill=\"{l}\"/><path fill=\"{m}\" d=\"M48 22l9 18H39zM58 58h16v15H58z\"/>";
const CARD: Shape = "<rect x=\"20\" y=\"18\" width=\"50\" height=\"60\" rx=\"4\" fill=\"{d}\" transform=\"rotate(6 48 48)\"/><rect x=\"22\" y=\"20\" width=\"50\" height=\"60\" rx=\"4\" fill=\"{l}\"/>\
    <path fill=\"{m}\" d=\"M47 62c-18-12-16-26-6-26 3 0 5 2 6 5 1-3 3-5 6-5 10 0 12 14-6 26z\"/>";
const BOOK: Shape = "<path fill=\"{d}\" d=\"M24 16h46a4 4 0 0 1 4 4v61H28a6 6 0 0 1-6-6V20z\"/><path fill=\"#fff\" d=\"M28 70h44v7H28a3 3 0 0 1 0-7z\"/>\
    <path fill=\"{m}\" d=\"M28 14h46v54H28a6 6 0 0 0-6 6V20a6 6 0 0 1 6-6z\"/><rect x=\"36\" y=\"26\" width=\"28\" height=\"14\" rx=\"2\" fill=\"{l}\"/>";
const PENCIL: Shape = "<g transform=\"rotate(40 48 48)\"><path fill=\"{m}\" d=\"M40 20h16v46H40z\"/><path fill=\"{l}\" d=\"M40 66h16l-8 18z\"/><path fill=\"{d}\" d=\"M45 77h6l-3 7zM40 12h16v10H40z\"/>\
    <path stroke=\"#fff\" stroke-opacity=\".45\" stroke-width=\"4\" d=\"M46 23v42\"/></g>";
const PLANT: Shape = "<path fill=\"#5d9b4a\" d=\"M48 54C26 52 20 38 20 24c18 2 28 12 28 30zm0 0c22-2 28-16 28-30-18 2-28 12-28 30z\"/><path fill=\"#78b35f\" d=\"M48 54c-9-14-9-28 0-42 9 14 9 28 0 42z\"/>\
    <path fill=\"{m}\" d=\"M28 56h40l-6 22a4 4 0 0 1-4 3H38a4 4 0 0 1-4-3z\"/><rect x=\"25\" y=\"50\" width=\"46\" height=\"10\" rx=\"3\" fill=\"{d}\"/>";
const MUG: Shape = "<path fill=\"none\" stroke=\"{d}\" stroke-width=\"7\" d=\"M64 40h7a11 11 0 0 1 0 24h-7\"/><path fill=\"{m}\" d=\"M20 28h46v43a10 10 0 0 1-10 10H30a10 10 0 0 1-10-10z\"/>\
    <path fill=\"{l}\" d=\"M20 44h46v14H20z\"/><path stroke=\"#fff\" stroke-opacity=\".45\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M29 36v34\"/>";
const CANDLE: Shape = "<path fill=\"#f4a62a\" d=\"M48 10c8 9 8 18 0 22-8-4-8-13 0-22z\"/><path fill=\"#ffe08a\" d=\"M48 20c4 5 4 9 0 12-4-3-4-7 0-12z\"/><rect x=\"30\" y=\"36\" width=\"36\" height=\"45\" rx=\"6\" fill=\"{m}\"/>\
    <path fill=\"{l}\" d=\"M30 42a6 6 0 0 1 6-6h24a6 6 0 0 1 6 6v6c-6 6-10-2-16 4s-14-4-20 0z\"/>";
const SPADE: Shape = "<g transform=\"rotate(24 48 48)\"><path stroke=\"{d}\" stroke-width=\"8\" stroke-linecap=\"round\" d=\"M48 14v36\"/><path stroke=\"{d}\" stroke-width=\"7\" stroke-linecap=\"round\" d=\"M38 12h20\"/>\
    <path fill=\"{m}\" d=\"M34 46h28v22c0 10-8 17-14 20-6-3-14-10-14-20z\"/><path fill=\"{l}\" d=\"M40 52h7v26c-4-3-7-7-7-12z\"/></g>";

/// Categories, words, what such a thing looks like, and its colour where it has one of its own.
type ByWord = (&'static [&'static str], &'static [&'static str], Shape, Option<u16>);

/// Where nothing is known.
pub const GENERAL: Shape = PACK;

/// What a word in a product's name says of its looks and its colour, in these categories; the first that fits.
pub const WORDS: &[ByWord] = &[
    (
        &["bakery"],
        &["croissant", "pain au", "swirl", "danish", "turnover", "pasty", "sausage roll"],
        PASTRY,
        Some(34),
    ),
    (&["bakery"], &["baguette", "straw", "hot dog", "finger"], STICK, Some(36)),
    (
        &["bakery"],
        &["bun", "bap", "rolls", "scone", "bagel", "doughnut", "teacake", "crumpet", "cob", "muffin", "pie"],
        BUN,
        Some(32),
    ),
    (&["bakery"], &["cake", "slice", "sponge"], WEDGE, Some(30)),
    (&["deli", "dairy"], &["egg"], EGGS, Some(30)),
    (&["deli"], &["salmon", "mackerel", "trout", "prawn", "anchov", "kipper", "crab"], FISH, Some(12)),
    (
        &["deli"],
        &["ham", "bacon", "salami", "chorizo", "beef", "chicken", "pork", "turkey", "sausage", "pudding"],
        MEAT,
        Some(356),
    ),
    (&["deli"], &["quiche", "pie", "pasty"], BUN, Some(32)),
    (&["deli"], &["olive"], BERRIES, Some(90)),
    (&["cheese"], &["cream", "spread", "soft", "ricotta", "mascarpone", "cottage"], TUB, Some(46)),
    (&["cheese"], &["chutney", "paste", "jelly", "pickle"], JAR, Some(12)),
    (&["cheese"], &["biscuit", "cracker", "oatcake", "toast"], BISCUIT, Some(30)),
    (&["produce"], &["carrot", "parsnip", "beetroot", "radish", "turnip", "swede"], ROOT, Some(24)),
    (
        &["produce"],
        &[
            "lettuce",
            "spinach",
            "kale",
            "cabbage",
            "mint",
            "basil",
            "parsley",
            "coriander",
            "leek",
            "rocket",
            "celery",
            "broccoli",
            "cress",
            "chard",
            "watercress",
            "sprout",
            "thyme",
            "rosemary",
            "chive",
            "salad",
        ],
        LEAVES,
        Some(112),
    ),
    (&["produce"], &["berr", "grape", "cherr", "currant"], BERRIES, Some(334)),
    (&["produce"], &["banana", "lemon"], FRUIT, Some(50)),
    (&["produce"], &["apple", "tomato", "pepper", "strawberr", "chilli"], FRUIT, Some(4)),
    (
        &["produce"],
        &["orange", "satsuma", "peach", "apricot", "mango", "pumpkin", "onion", "clementine"],
        FRUIT,
        Some(26),
    ),
    (&["produce"], &["aubergine", "plum", "fig"], FRUIT, Some(280)),
    (&["produce"], &["potato", "mushroom", "garlic"], FRUIT, Some(34)),
    (&["dairy"], &["yog", "butter", "sorbet", "ice cream", "spread", "skyr", "fromage", "crème"], TUB, None),
    (
        &["pantry"],
        &[
            "jam",
            "honey",
            "marmalade",
            "chutney",
            "pickle",
            "mustard",
            "pesto",
            "mayonnaise",
            "peanut",
            "spread",
            "paprika",
            "cumin",
            "spice",
            "salt",
            "powder",
            "granules",
            "curry",
            "extract",
        ],
        JAR,
        None,
    ),
    (&["pantry"], &["oil", "vinegar", "sauce", "syrup", "ketchup"], BOTTLE, None),
    (&["pantry"], &["tin", "beans", "soup", "tomatoes", "tuna", "sardine"], TIN, None),
    (
        &["pantry"],
        &[
            "flour",
            "sugar",
            "rice",
            "pasta",
            "penne",
            "oats",
            "muesli",
            "lentil",
            "couscous",
            "spaghetti",
            "fusilli",
        ],
        POUCH,
        None,
    ),
    (&["drinks"], &["coffee"], JAR, None),
    (&["drinks"], &["tea bag", "tea,", "chocolate"], PACK, None),
    (&["drinks"], &["juice", "carton"], CARTON, None),
    (&["drinks"], &["cola", "can", "330 ml"], TIN, None),
    (
        &["sweets"],
        &["crisps", "popcorn", "cashew", "almond", "pretzel", "peanut", "pistachio", "tortilla", "nuts,"],
        POUCH,
        None,
    ),
    (
        &["sweets"],
        &[
            "biscuit",
            "cookie",
            "ginger nut",
            "shortbread",
            "digestive",
            "oatcake",
            "custard cream",
            "bourbon",
        ],
        BISCUIT,
        Some(30),
    ),
    (&["sweets"], &["chocolate", "fudge", "flapjack", "bar"], BAR, None),
    (&["household"], &["liquid", "bleach", "softener", "washing", "fabric"], BOTTLE, None),
    (&["household"], &["roll", "towel", "film", "foil", "paper", "tape", "bags", "liner"], ROLL, None),
    (&["household"], &["candle", "tealight", "matches"], CANDLE, None),
    (&["household"], &["bar", "soap", "sponge", "scour", "cloth", "duster"], BAR, None),
    (&["household"], &["tablet", "powder", "batter", "box", "bulb"], PACK, None),
    (&["care"], &["shampoo", "conditioner", "wash", "lotion", "mouthwash", "bath", "bubble"], BOTTLE, None),
    (&["care"], &["soap"], BAR, None),
    (&["care"], &["brush"], PENCIL, None),
    (
        &["care"],
        &["plaster", "tablet", "capsule", "nappies", "bandage", "tissue", "lozenge", "wipes", "vitamin"],
        PACK,
        None,
    ),
    (&["toys"], &["book"], BOOK, None),
    (&["toys"], &["ball", "yo-yo", "disc", "kite", "marbles", "frisbee"], BALL, None),
    (&["stationery"], &["book", "notepad", "diary", "pad", "album"], BOOK, None),
    (&["stationery"], &["pencil", "pen", "crayon", "marker", "brush"], PENCIL, None),
    (&["stationery"], &["tape", "ribbon", "wrap", "string"], ROLL, None),
    (
        &["garden"],
        &["trowel", "fork", "spade", "rake", "shears", "secateurs", "hose", "gloves", "dibber"],
        SPADE,
        None,
    ),
    (&["garden"], &["twine", "wire"], ROLL, None),
    (&["garden"], &["compost", "charcoal", "seed", "bone meal", "feed", "fertil", "logs"], POUCH, None),
    (&["garden"], &["candle", "lantern", "matches", "firelighter"], CANDLE, None),
    (&["gifts"], &["candle"], CANDLE, None),
    (&["gifts"], &["bottle", "flask", "vase"], BOTTLE, None),
    (&["gifts"], &["jar", "tin"], JAR, None),
    (&["gifts"], &["book"], BOOK, None),
    (&["gifts"], &["tea towel", "apron", "throw", "bag", "rug", "cushion", "blanket"], BAR, None),
];

/// What things of a category look like when nothing else is known.
pub const CATEGORY_SHAPES: &[(&str, Shape, Option<u16>)] = &[
    ("bakery", LOAF, Some(32)),
    ("deli", TUB, None),
    ("cheese", WEDGE, Some(46)),
    ("produce", FRUIT, Some(90)),
    ("dairy", CARTON, None),
    ("pantry", PACK, None),
    ("drinks", BOTTLE, None),
    ("sweets", SWEET, None),
    ("household", SPRAY, None),
    ("care", TUBE, None),
    ("toys", BLOCKS, None),
    ("stationery", CARD, None),
    ("garden", PLANT, Some(18)),
    ("gifts", MUG, None),
];
