"""Values for the generated documents: names, addresses, codes, and what is none of these.

Word lists: the person and address lists of Faker (MIT), as the data folder holds them, and the lists
below, written for this project. Every function takes the random generator that it draws from.
"""

import gzip
import json
import os
import pathlib
import string

DATA = pathlib.Path(os.environ.get("PRETIL_DATA", pathlib.Path(__file__).parents[2] / ".." / "shared" / "data"))

LATIN = (
    "en_US en_GB en_IE en_IN en_KE en_NG en_NZ en_PK es_AR es_CL es_CO es_ES es_MX fr_BE fr_CA fr_CH fr_DZ fr_FR "
    "de_AT de_CH de_DE it_IT pt_BR pt_PT nl_BE nl_NL da_DK sv_SE no_NO fi_FI pl_PL cs_CZ sk_SK hu_HU hr_HR sl_SI "
    "ro_RO tr_TR lt_LT lv_LV id_ID vi_VN yo_NG ig_NG ha_NG zu_ZA tw_GH sw az_AZ uz_UZ ga_IE"
).split()

# First names and family names in Latin letters of languages that the lists have in other scripts only.
ROMANISED = {
    "ar": (
        "Ahmed Mohammed Omar Khalid Yusuf Hassan Ali Ibrahim Tariq Samir Fadi Bassam Nabil Karim Rashid Walid Zaid Hamza "
        "Fatima Aisha Layla Maryam Nour Salma Rania Huda Amina Zainab Yasmin Dina Reem Sara Lina Hanan Mona Abeer".split(),
        "Al-Sayed Haddad Khoury Mansour Nasser Al-Rashid Farouk Aziz Hamdan Bishara Najjar Qureshi Shaheen Saleh Darwish "
        "Al-Masri Kassab Abdallah El-Amin Benali Bouzid Tahan Sabbagh Al-Hariri Jaber Maalouf Ghannam Zoubi".split(),
    ),
    "zh": (
        "Wei Fang Xiuying Na Min Jing Li Qiang Lei Jun Yang Yong Yan Jie Juan Tao Ming Chao Xiulan Xia Ping Gang Hui "
        "Xiaoming Zihan Yuxuan Meilin Jiahao Ruolan Haoran Mei Lan Bo Chen Xin Ying Shu-fen Chia-hao Ka-Wai Siu-Ming".split(),
        "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Tang Deng Feng "
        "Cao Peng Tsai Hsu Chan Wong Cheung Leung Lam Ng Kwok Ho Fung".split(),
    ),
    "ko": (
        "Min-jun Seo-yeon Ji-hoon Ji-woo Hyun-woo Soo-jin Jae-won Eun-ji Dong-hyun Hae-won Yuna Minho Jiyoung Sungmin "
        "Hyejin Taeyang Yeong-ho Kyung-mi".split(),
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Hong Ryu".split(),
    ),
    "ja": (
        "Haruto Yui Sota Hina Yuto Sakura Ren Aoi Kenji Akiko Takashi Yoko Hiroshi Naoko Daisuke Emi Kazuki Mariko Shinji "
        "Tomoko Ryo Misaki Satoshi Keiko".split(),
        "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Matsumoto Inoue "
        "Kimura Hayashi Shimizu Mori Abe Ikeda Hashimoto Ishikawa Ogawa Okada".split(),
    ),
    "ru": (
        "Ivan Dmitri Sergei Alexei Nikolai Mikhail Andrei Vladislav Yuri Oleg Boris Anatoly Olga Natalia Svetlana Irina "
        "Tatiana Ekaterina Anastasia Ludmila Galina Kateryna Oleksandr Taras Oksana Bohdan Iryna".split(),
        "Ivanov Petrov Sidorov Smirnov Kuznetsov Popov Volkov Sokolova Morozova Novikova Fedorov Mikhailov Kozlov Lebedeva "
        "Orlova Shevchenko Bondarenko Kovalenko Tkachenko Marchenko Lysenko Zaitsev".split(),
    ),
    "el": (
        "Giorgos Dimitris Yannis Nikos Kostas Panagiotis Vasilis Maria Eleni Katerina Sofia Ioanna Christos Despina Stavros".split(),
        "Papadopoulos Georgiou Nikolaidis Pappas Vlachos Christodoulou Economou Karagiannis Makris Dimitriadis Antoniou".split(),
    ),
    "fa": (
        "Reza Hossein Mehdi Arash Kaveh Dariush Farhad Shirin Parisa Nasrin Azadeh Leila Maryam Niloofar Behnaz Sina Cyrus".split(),
        "Hosseini Ahmadi Karimi Moradi Rahimi Ebrahimi Sadeghi Jafari Tehrani Shirazi Kazemi Bahrami Farahani Golzar".split(),
    ),
    "he": (
        "Noam Itai Yael Tamar Avi Moshe Shira Eitan Rivka Dov Michal Uri Ronit Yossi Hadas".split(),
        "Cohen Levi Mizrahi Peretz Biton Friedman Shapiro Azoulay Katz Ben-David Goldberg Avraham Rosenfeld".split(),
    ),
    "th": (
        "Somchai Anong Kittisak Malee Niran Ploy Prasert Suda Wichai Chanya Arthit Kanya".split(),
        "Srisai Chaiyasit Wongsakul Thongchai Rattanakorn Phromma Saetang Boonmee Suwannarat".split(),
    ),
    "sa": (
        "Priya Rahul Ananya Vikram Sanjay Deepika Arjun Kavita Rohan Meera Suresh Lakshmi Venkatesh Imran Nadia Farhana "
        "Tahmina Kumari Gurpreet Harjit Simran Nimal Chaminda Dilini Bishnu Sunita".split(),
        "Sharma Patel Reddy Iyer Nair Gupta Singh Kaur Khan Das Mukherjee Banerjee Chowdhury Rahman Hossain Fernando Perera "
        "Silva Wickramasinghe Thapa Gurung Desai Kulkarni Menon Pillai Joshi Bhatt".split(),
    ),
}

# First names that are words, months, places or virtues as well.
WORD_NAMES = (
    "April May June August Summer Autumn Rose Lily Violet Daisy Ivy Hazel Olive Iris Heather Ruby Pearl Amber Jade Crystal "
    "Grace Faith Hope Joy Mercy Charity Patience Will Mark Bill Bob Jack Frank Rob Art Gene Dean Chase Chance Drew Grant Pat "
    "Sue Dawn Eve Robin Jay Martin Max Rich Miles Paris London Austin Dallas Florence Victoria Sydney Georgia Carolina Madison "
    "Jackson Lincoln Jordan Israel India Chelsea Brooklyn Savannah Virginia Christian Angel Jesus Earl Duke Prince King "
    "Hunter Cooper Mason Carter Taylor Parker Skip Buck Penny Sky River Stone Reed Cliff Glen Dale Forest Ray Sonny Tiffany "
    "Mercedes Lexus Porsche Sterling Candy Ginger Sage Basil Rosemary Herb Star Destiny Harmony Melody Viola Harper Autumn"
).split()
WORD_SURNAMES = (
    "Price Cash Banks Bush Wood Woods Stone Rivers Brooks Hill Hills Lake Field Fields Park Street Lane Church Temple Bishop "
    "Pope King Knight Page Cook Baker Butler Carpenter Mason Smith Taylor Fisher Hunter Archer Young Old Little Long Short Small "
    "Strong Rich Poor Wise Good Best Bright Day Weeks Winter Summers Frost Snow Rain Storm White Black Brown Green Gray Gold "
    "Silver Rose Bloom Flowers Bean Rice Berry Apple Fox Wolf Lamb Bird Swan Drake Crane Pike Bass Hand Head Foot Beard Love "
    "Valentine Christmas Sunday Case Bond Stamp Bell Ball Major Minor Sharp Flatt Van Ford Bentley Dodge Lincoln Washington "
    "Paris London England French German Holland Ireland Spain Kent Lancaster York Bradford Houston Austin Dallas Phoenix Cleveland"
).split()
NICKNAMES = (
    "Bob Bobby Liz Lizzie Beth Mike Mikey Tom Tommy Jim Jimmy Joe Joey Nick Tony Andy Dave Steve Matt Ben Sam Alex Kate Katie "
    "Jen Jenny Jess Meg Maggie Peggy Ted Teddy Ron Ronnie Ed Eddie Charlie Chuck Dick Larry Jerry Gus Zack Abby Becky Cindy "
    "Debbie Gabe Kim Lou Mandy Mindy Nate Ollie Pam Pete Phil Ricky Rosie Sandy Stu Vicky Wendy Will Zoe Pepe Paco Nacho Lola "
    "Manu Chus Gigi Toni Beppe Jojo Uli Hansi Kalle Lasse Zé Beto Duda"
).split()

TITLES = {
    "en": "Mr Mr. Mrs Mrs. Ms Ms. Miss Mx Dr Dr. Prof. Professor Sir Lady Rev. Fr. Sgt. Capt. Judge Officer Nurse Coach".split(),
    "es": "Sr. Sra. Srta. Dr. Dra. Don Doña Ing. Lic.".split(),
    "fr": "M. Mme Mlle Dr Pr Me Monsieur Madame Maître Docteur".split(),
    "de": "Herr Frau Dr. Prof. Dipl.-Ing.".split() + ["Herr Dr.", "Frau Dr."],
    "it": "Sig. Sig.ra Dott. Dott.ssa Avv. Ing. Prof. Signor Signora".split(),
    "pt": "Sr. Sra. Dr. Dra. Eng. Prof. Dona Senhor Senhora".split(),
}

ORG_WORDS = (
    "Bright Blue North South Summit River Harbor Maple Cedar Iron Silver Golden Apex Nova Vertex Pioneer Liberty Union Global Delta "
    "Sigma Orion Atlas Zenith Evergreen Lakeside Riverside Oakwood Redwood Crescent Falcon Eagle Phoenix Titan Quantum Pixel Cloud "
    "Data Swift Rapid Prime First National Pacific Atlantic Continental Metro City Royal Crown Heritage Beacon Compass Anchor Lantern "
    "Copper Granite Willow Birch Aspen Juniper Meridian Horizon Keystone Cobalt Ember Tidal Northwind Halcyon Umbra Solstice"
).split()
ORG_KINDS = (
    "Inc Inc. LLC Ltd Ltd. Corp Corporation Group Holdings Bank Insurance Logistics Energy Foods Pharma Airlines Motors Media Software "
    "Systems Technologies Labs Partners Consulting Capital Realty Construction Hotel Hotels Clinic Hospital Pharmacy Supermarket Bakery "
    "Cafe Restaurant Gym Studio University College Academy School Museum Library Foundation Council Department Ministry Union Club FC "
    "Telecom Mobile Broadband Water Gas Solar Plumbing Electric Dental Veterinary Travel Tours Books Press Records Games Toys Fashion GmbH "
    "AG S.A. SARL SL S.p.A. Ltda BV Oy AB plc PLC & Co & Sons & Partners"
)
ORG_KINDS = [kind for kind in ORG_KINDS.replace("& ", "&_").split()]
REAL_ORGS = (
    "Google|Amazon|Microsoft|Apple|Netflix|PayPal|Visa|Mastercard|American Express|FedEx|UPS|DHL|USPS|Royal Mail|Walmart|Target|Tesco|"
    "IKEA|Costco|Starbucks|McDonald's|Burger King|Wells Fargo|JP Morgan|Morgan Stanley|Goldman Sachs|Barclays|HSBC|Santander|BBVA|"
    "Deutsche Bank|BNP Paribas|Johnson & Johnson|Procter & Gamble|Ernst & Young|Ford|Mercedes-Benz|Toyota|Tesla|Boeing|Airbus|Ryanair|"
    "Lufthansa|Delta|United Airlines|Verizon|AT&T|T-Mobile|Vodafone|Orange|Telefónica|Samsung|Sony|Nintendo|Adidas|Nike|Zara|H&M|"
    "Harvard|Stanford|MIT|Oxford University|Johns Hopkins|Mayo Clinic|NHS|IRS|FBI|NASA|HMRC|DMV|EU|UN|UNESCO|Red Cross|BBC|CNN|"
    "New York Times|Washington Post|Reuters|Slack|Zoom|Jira|GitHub|Salesforce|Oracle|SAP|IBM|Intel|Nvidia|Dell|HP|Lenovo|Siemens|Bosch|"
    "Ben & Jerry's|Dr Pepper|Uncle Ben's|Wendy's|Macy's|Trader Joe's|Whole Foods|Home Depot|Best Buy|Lloyds|Aldi|Lidl|Carrefour|"
    "Manchester United|Real Madrid|Bayern|Juventus|Benfica|Chicago Bulls|Kaiser Permanente|Blue Cross|Charles Schwab|Fidelity|Marriott|"
    "Hilton|Airbnb|Uber|Lyft|Deliveroo|Spotify|Netflix|Instagram|WhatsApp|Facebook|Twitter|LinkedIn|Reddit|Wikipedia|Renault|Peugeot"
).split("|")
PRODUCTS = (
    "iPhone 15|Galaxy S24|ThinkPad X1|PlayStation 5|Kindle|MacBook Air|Model 3|Corolla|Golf|Windows 11|Excel|Photoshop|Office 365|Alexa|"
    "Dyson V8|Roomba|GoPro|AirPods|Fitbit|Xbox|Switch|Instant Pot|Nespresso|Air Fryer|Surface Pro|Pixel 8|Civic|Mustang|Clio|Vespa|"
    "Air Max|Chuck Taylors|Jack Daniel's|Johnnie Walker|Earl Grey|Granny Smith apples|Mac mini|Raspberry Pi|Python|Java|Ruby|Siri|"
    "Bloody Mary|Tom Collins|Victoria sponge|Caesar salad|Jenkins|Kafka|Cassandra|Ada|Pascal|Hugo|Jekyll|Maven|Julia"
).split("|")
TOPICS = (
    "the weather|football|the invoice|my order|the new phone|climate change|gardening|the meeting|the budget|vacation plans|the car|taxes|"
    "the delivery|my subscription|the refund|a recipe for soup|the printer|home insurance|the website|the report|parking|the contract|"
    "the school play|the wedding|the warranty|a broken heater|the internet connection|the election|the movie|chess|the exam|the recall"
).split("|")
JOBS = (
    "manager|engineer|nurse|teacher|driver|accountant|developer|designer|lawyer|plumber|electrician|chef|waiter|student|professor|"
    "technician|consultant|analyst|director|supervisor|receptionist|clerk|pharmacist|dentist|architect|journalist|photographer|"
    "customer service agent|project manager|sales representative|software engineer|data scientist|HR partner|account manager|"
    "operations lead|head of marketing|VP of Sales|Chief Financial Officer|CEO|CTO|paralegal|case worker|caretaker|farmer"
).split("|")
NATIONALITIES = (
    "American British English Scottish Welsh Irish Canadian Australian Indian Pakistani Nigerian Kenyan Ghanaian German French Spanish Italian "
    "Portuguese Dutch Belgian Swiss Austrian Polish Swedish Norwegian Danish Finnish Brazilian Mexican Argentinian Chilean Colombian Japanese "
    "Chinese Korean Vietnamese Thai Filipino Turkish Greek Hungarian Croatian Romanian Russian Ukrainian Israeli Egyptian Moroccan Arab Kurdish "
    "Catholic Muslim Jewish Buddhist Hindu Christian Protestant Sikh Republican Democrat Latino Asian African European Berliner Texan Londoner"
).split()
COUNTRIES = {
    "en": "USA|United States|U.S.|UK|United Kingdom|England|Scotland|Wales|Ireland|Canada|Australia|New Zealand|India|South Africa|Nigeria|"
    "Kenya|Germany|France|Spain|Italy|Portugal|Netherlands|Belgium|Switzerland|Austria|Poland|Sweden|Norway|Denmark|Finland|Iceland|Brazil|"
    "Mexico|Argentina|Chile|Colombia|Japan|China|South Korea|Vietnam|Thailand|Indonesia|Philippines|Turkey|Greece|Hungary|Croatia|Slovenia|"
    "Romania|Bulgaria|Estonia|Latvia|Lithuania|Ukraine|Russia|Israel|Egypt|Morocco|Tunisia|Ghana|Singapore|Malaysia|Cyprus|Malta|Greenland".split("|"),
    "es": "España|México|Argentina|Chile|Colombia|Perú|Ecuador|Uruguay|Venezuela|Bolivia|Costa Rica|Cuba|Francia|Alemania|Italia".split("|"),
    "fr": "France|Belgique|Suisse|Canada|Québec|Algérie|Maroc|Tunisie|Sénégal|Allemagne|Espagne|Italie|Côte d'Ivoire".split("|"),
    "de": "Deutschland|Österreich|Schweiz|Frankreich|Italien|Spanien|Polen|Liechtenstein|Luxemburg".split("|"),
    "it": "Italia|Svizzera|Francia|Germania|Spagna|Austria|San Marino|Malta".split("|"),
    "pt": "Portugal|Brasil|Angola|Moçambique|Cabo Verde|Espanha|França|Itália".split("|"),
}
CITIES = {
    "en": "New York|Los Angeles|Chicago|Houston|Phoenix|Philadelphia|San Antonio|San Diego|Dallas|Austin|Jacksonville|Columbus|Charlotte|"
    "Indianapolis|Seattle|Denver|Boston|Nashville|Detroit|Portland|Las Vegas|Memphis|Louisville|Baltimore|Milwaukee|Tucson|Fresno|"
    "Sacramento|Atlanta|Omaha|Miami|Oakland|Minneapolis|Tulsa|Tampa|New Orleans|Honolulu|Anchorage|Boise|Reno|Toledo|Santa Fe|St. Louis|"
    "London|Manchester|Birmingham|Leeds|Glasgow|Liverpool|Bristol|Edinburgh|Cardiff|Belfast|Sheffield|Nottingham|Oxford|Cambridge|York|"
    "Dublin|Cork|Galway|Toronto|Vancouver|Montreal|Calgary|Ottawa|Halifax|Sydney|Melbourne|Brisbane|Perth|Adelaide|Auckland|Wellington|"
    "Mumbai|Delhi|Bangalore|Chennai|Kolkata|Hyderabad|Pune|Lagos|Abuja|Nairobi|Accra|Cape Town|Johannesburg|Singapore|Hong Kong|Tokyo|"
    "Paris|Berlin|Madrid|Rome|Vienna|Amsterdam|Brussels|Lisbon|Prague|Warsaw|Athens|Istanbul|Dubai|Cairo|Moscow|Beijing|Shanghai|Seoul".split("|"),
    "es": "Madrid|Barcelona|Valencia|Sevilla|Zaragoza|Málaga|Bilbao|Granada|Valladolid|Gijón|Ciudad de México|Guadalajara|Monterrey|Puebla|"
    "Buenos Aires|Córdoba|Rosario|Mendoza|Bogotá|Medellín|Cali|Lima|Arequipa|Santiago|Valparaíso|Quito|Montevideo|Caracas|La Paz|Cancún".split("|"),
    "fr": "Paris|Lyon|Marseille|Toulouse|Nice|Nantes|Strasbourg|Montpellier|Bordeaux|Lille|Rennes|Reims|Grenoble|Dijon|Angers|Bruxelles|Liège|"
    "Genève|Lausanne|Montréal|Québec|Alger|Tunis|Dakar|Rouen|Metz|Brest|Tours".split("|"),
    "de": "Berlin|Hamburg|München|Köln|Frankfurt|Stuttgart|Düsseldorf|Leipzig|Dortmund|Essen|Bremen|Dresden|Hannover|Nürnberg|Bonn|Münster|"
    "Karlsruhe|Mannheim|Augsburg|Wien|Graz|Linz|Salzburg|Innsbruck|Zürich|Basel|Bern|Luzern|Kiel|Freiburg".split("|"),
    "it": "Roma|Milano|Napoli|Torino|Palermo|Genova|Bologna|Firenze|Bari|Catania|Venezia|Verona|Messina|Padova|Trieste|Brescia|Parma|Perugia|Pisa|Lecce".split("|"),
    "pt": "Lisboa|Porto|Braga|Coimbra|Faro|Aveiro|Évora|Setúbal|São Paulo|Rio de Janeiro|Salvador|Brasília|Fortaleza|Belo Horizonte|Manaus|"
    "Curitiba|Recife|Porto Alegre|Goiânia|Belém|Luanda|Maputo".split("|"),
}
MONTHS = {
    "en": "January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica".split(),
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo".split(),
}
WORDS = (
    "blue red happy lucky dark wild silver super tiny mega cool crazy night moon sun star tiger wolf dragon panda ninja pixel storm rock "
    "metal music coffee pizza soccer gamer hunter rider coder hacker wizard knight shadow ghost angel queen king boss lover fan baby rain "
    "snow river ocean forest mountain garden kitten puppy falcon raven otter maple cedar willow anchor lantern trout copper marble velvet "
    "thunder summer winter autumn spring orange banana cherry mango biscuit pepper cookie rocket comet orbit planet galaxy"
).split()


def read_rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load(name):
    """locale → field → values."""
    lists = {}
    with gzip.open(DATA / "pii" / "gazetteers" / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            lists.setdefault(row["locale"], {})[row["field"]] = row["values"]
    return lists


def named(lists, locale, parts):
    """All values of the fields of `locale` whose names hold one of `parts`."""
    fields = lists.get(locale, {})
    values = [value for field in sorted(fields) if any(part in field for part in parts) for value in fields[field]]
    return [value for value in values if isinstance(value, str) and value and value.isprintable()]


PERSONS = load("faker_person.jsonl.gz")
PLACES = load("faker_address.jsonl.gz")
NAMES = {}
for _locale in LATIN:
    _first = named(PERSONS, _locale, ["first_names"])
    _last = named(PERSONS, _locale, ["last_names"])
    if _first and _last:
        NAMES[_locale] = (_first, _last)
NAMES["en"] = (named(PERSONS, "en", ["first_names"]), NAMES["en_US"][1] + NAMES["en_GB"][1] + NAMES["en_IE"][1])
for _locale, _lists in ROMANISED.items():
    NAMES[_locale] = _lists

NEAR = {
    "en": ["en_US", "en_US", "en_US", "en", "en", "en_GB", "en_IE", "en_IN", "en_NZ", "en_KE", "en_NG", "en_PK"],
    "es": ["es_ES", "es_ES", "es_MX", "es_AR", "es_CL", "es_CO"],
    "fr": ["fr_FR", "fr_FR", "fr_CA", "fr_BE", "fr_CH", "fr_DZ"],
    "de": ["de_DE", "de_DE", "de_AT", "de_CH"],
    "it": ["it_IT"],
    "pt": ["pt_BR", "pt_PT"],
}


def name_lists(rng, lang):
    """First and family names: of the language's countries two times in three, else of anywhere."""
    locale = rng.choice(NEAR[lang]) if rng.random() < (0.5 if lang == "en" else 0.75) else rng.choice(sorted(NAMES))
    return NAMES[locale], locale


def first(rng, lang):
    draw = rng.random()
    if lang == "en" and draw < 0.08:
        return rng.choice(WORD_NAMES)
    if draw < 0.16:
        return rng.choice(NICKNAMES)
    return rng.choice(name_lists(rng, lang)[0][0])


def last(rng, lang):
    if lang == "en" and rng.random() < 0.08:
        return rng.choice(WORD_SURNAMES)
    (_, family), locale = name_lists(rng, lang)
    name = rng.choice(family)
    draw = rng.random()
    if draw < 0.05:
        return f"{name}-{rng.choice(family)}"
    if locale.startswith(("es_", "pt_")) and draw < 0.3:
        return f"{name} {rng.choice(family)}"
    if draw < 0.08:
        return rng.choice(["O'", "Mc", "Mac", "D'", "de ", "van ", "van der ", "von ", "di ", "del ", "da ", "Al-", "ben ", "de la ", "St. "]) + name
    return name


def name(rng, lang):
    """A whole name in one of the ways that people write it."""
    draw = rng.random()
    (given, family), _ = name_lists(rng, lang)
    f = rng.choice(given) if rng.random() < 0.85 else first(rng, lang)
    l = rng.choice(family) if rng.random() < 0.7 else last(rng, lang)
    initial = rng.choice(string.ascii_uppercase)
    if draw < 0.60:
        return f"{f} {l}"
    if draw < 0.68:
        return f"{f} {initial}. {l}"
    if draw < 0.71:
        return f"{f} {initial} {l}"
    if draw < 0.77:
        return f"{f[0]}. {l}"
    if draw < 0.79:
        return f"{f[0]}.{initial}. {l}"
    if draw < 0.83:
        return f"{f} {rng.choice(given)} {l}"
    if draw < 0.86:
        return f"{f} {l[0]}."
    if draw < 0.875:
        return f"{f} {l} {rng.choice(['Jr.', 'Jr', 'Sr.', 'II', 'III', 'IV'])}"
    if draw < 0.89:
        return f"{f} \"{rng.choice(NICKNAMES)}\" {l}"
    if draw < 0.92:
        return f"{f}-{rng.choice(given)} {l}"
    if draw < 0.95:
        return f"{f} {l}-{rng.choice(family)}"
    return f"{f} {l} {rng.choice(family)}"


def name_reversed(rng, lang):
    (given, family), _ = name_lists(rng, lang)
    tail = f" {rng.choice(string.ascii_uppercase)}." if rng.random() < 0.2 else ""
    return f"{rng.choice(family)}, {rng.choice(given)}{tail}"


def digits(rng, count):
    return "".join(rng.choice(string.digits) for _ in range(count))


def pattern(rng, text):
    """# digit, ? capital letter, % digit from 1."""
    signs = {"#": string.digits, "?": "ABCDEFGHJKLMNPRSTUVWXYZ", "%": "123456789"}
    return "".join(rng.choice(signs[sign]) if sign in signs else sign for sign in text)


def house(rng):
    draw = rng.random()
    if draw < 0.35:
        return str(rng.randint(1, 99))
    if draw < 0.75:
        return str(rng.randint(100, 9999))
    if draw < 0.85:
        return str(rng.randint(10000, 99999))
    if draw < 0.95:
        return f"{rng.randint(1, 250)}{rng.choice('ABCDEabc')}"
    return f"{rng.randint(1, 99)}-{rng.randint(1, 99)}"


US_TYPES = (
    "Street Street Street St St. St Avenue Avenue Ave Ave. Road Road Rd Rd. Drive Drive Dr Dr. Lane Lane Ln Ln. Boulevard Blvd Blvd. Court Court Ct "
    "Place Pl Way Way Circle Cir Terrace Ter Trail Trl Parkway Pkwy Highway Hwy Square Sq Loop Pike Crescent Close Row Alley Plaza Walk "
    "Point Ridge Run Crossing Path Mews Gardens Grove Hill View Green Rise Common"
).split()
STREET_WORDS = (
    "Main Oak Pine Maple Cedar Elm Washington Lake Hill Walnut Spring North South Ridge Church Willow Mill Sunset Railroad Jackson River "
    "Lincoln Highland Park High Station Victoria Green Manor Kings Queens New Chestnut Broad Spruce Jefferson Center Meadow Forest "
    "Franklin Valley Cherry Prospect Dogwood Locust Birch Hickory Poplar Ash Laurel Magnolia Sycamore Juniper Cypress Old Mill, Bridge "
    "Market School Academy College University Airport Harbor Bay Beach Ocean Shore Cliff Rock Stone Quarry Canyon Desert Mesa Vista "
    "Sunrise Fairview Pleasant Grand Union Liberty Freedom Monroe Madison Adams Grant Sherman Hamilton Clark Lewis Pearl Water Front "
    "Orchard Vine Garden Rose Lily Heather Fox Deer Eagle Hawk Bear Wolf Saddle Colonial Heritage Pioneer Abbey Castle Albert George"
).replace(",", "").split()
SECONDARY = "Apt {}|Apt. {}|Apartment {}|Suite {}|Ste {}|Ste. {}|Unit {}|#{}|# {}|Floor {}|Fl {}|Room {}|Bldg {}|Flat {}|Lot {}|Apt #{}".split("|")


def ordinal(rng):
    number = rng.randint(1, 199)
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def street_en(rng):
    """A street's name with its type."""
    draw = rng.random()
    if draw < 0.15:
        base = ordinal(rng)
    elif draw < 0.60:
        base = rng.choice(STREET_WORDS)
    elif draw < 0.72:
        base = f"{rng.choice(STREET_WORDS)} {rng.choice(STREET_WORDS)}"
    elif draw < 0.90:
        base = rng.choice(NAMES[rng.choice(["en_US", "en_GB", "en_IE", "es_MX", "fr_CA"])][rng.randint(0, 1)])
    else:
        base = f"{rng.choice(NAMES['en_US'][0])} {rng.choice(NAMES['en_US'][1])}"
    if rng.random() < 0.04:
        return rng.choice([f"County Road {rng.randint(1, 900)}", f"Highway {rng.randint(1, 300)}", f"State Route {rng.randint(1, 99)}", "Broadway", "The Green", "Haymarket", "Piccadilly", "Strand", "The Crescent", "Cheapside", "Lombard", "Market Place"])
    kind = rng.choice(US_TYPES) if rng.random() < 0.8 else rng.choice(PLACES["en_US"]["street_suffixes"])
    direction = rng.random()
    if direction < 0.10:
        base = f"{rng.choice('N N. S S. E E. W W. North South East West NW SE'.split())} {base}"
    elif direction < 0.14:
        kind = f"{kind} {rng.choice('N S E W NW NE SW SE'.split())}"
    return f"{base} {kind}"


def secondary(rng):
    value = rng.choice([str(rng.randint(1, 40)), str(rng.randint(100, 2500)), f"{rng.randint(1, 30)}{rng.choice('ABCDEFGH')}", rng.choice("ABCDEFG"), f"{rng.choice('ABC')}{rng.randint(1, 30)}"])
    return rng.choice(SECONDARY).format(value)


def invented_city(rng):
    prefix = rng.choice(PLACES["en_US"]["city_prefixes"])
    stem = rng.choice(NAMES["en_US"][rng.randint(0, 1)])
    suffix = rng.choice(PLACES["en_US"]["city_suffixes"])
    return rng.choice([f"{stem}{suffix}", f"{prefix} {stem}", f"{prefix} {stem}{suffix}", f"{stem} {rng.choice(['Falls', 'Springs', 'Heights', 'City', 'Beach', 'Park', 'Valley', 'Grove', 'Hills', 'Creek', 'Bay', 'Junction'])}"])


def city(rng, lang):
    if lang == "en":
        draw = rng.random()
        if draw < 0.55:
            return rng.choice(CITIES["en"])
        if draw < 0.75:
            return invented_city(rng)
        return rng.choice(CITIES[rng.choice(sorted(CITIES))] if draw < 0.85 else named(PLACES, rng.choice(["da_DK", "fi_FI", "nl_NL", "pl_PL", "cs_CZ", "de_DE", "ro_RO", "hr_HR", "en_IN", "fr_DZ", "pt_PT"]), ["cities"]))
    return rng.choice(CITIES[lang])


def country(rng, lang):
    return rng.choice(COUNTRIES[lang])


def gb_postcode(rng):
    return pattern(rng, rng.choice(["?% %??", "?## %??", "??% %??", "??%# %??", "?%? %??"]))


def parts_us(rng, lang):
    line = f"{house(rng)} {street_en(rng)}"
    if rng.random() < 0.05:
        line = rng.choice([f"P.O. Box {rng.randint(10, 99999)}", f"PO Box {rng.randint(10, 99999)}", f"RR {rng.randint(1, 9)} Box {rng.randint(1, 200)}", f"PSC {digits(rng, 4)}, Box {digits(rng, 4)}", f"Unit {digits(rng, 4)} Box {digits(rng, 4)}"])
    lines = [line]
    if rng.random() < 0.25:
        extra = secondary(rng)
        if rng.random() < 0.6:
            lines[0] = f"{line}{rng.choice([' ', ', ', ' '])}{extra}"
        else:
            lines.append(extra)
    town = rng.choice(CITIES["en"][:43]) if rng.random() < 0.5 else invented_city(rng)
    region = rng.choice(PLACES["en_US"]["states_abbr"]) if rng.random() < 0.8 else rng.choice(PLACES["en_US"]["states"])
    postcode = digits(rng, 5) + (f"-{digits(rng, 4)}" if rng.random() < 0.1 else "")
    lines.append(rng.choice([f"{town}, {region} {postcode}", f"{town}, {region} {postcode}", f"{town} {region} {postcode}", f"{town}, {region}, {postcode}", f"{town}, {region}"]))
    return lines


def parts_gb(rng, lang):
    lines = []
    if rng.random() < 0.2:
        lines.append(rng.choice([f"Flat {rng.randint(1, 60)}", f"{rng.choice(STREET_WORDS)} House", f"{rng.choice(STREET_WORDS)} Cottage", f"The Old {rng.choice(['Rectory', 'Bakery', 'School', 'Mill', 'Forge'])}", f"Unit {rng.randint(1, 30)}"]))
    if not lines or rng.random() < 0.8:
        lines.append(f"{house(rng)}{rng.choice([' ', ' ', ', '])}{street_en(rng)}")
    town = rng.choice(CITIES["en"][43:63])
    if rng.random() < 0.4:
        town = rng.choice([town.upper(), invented_city(rng)])
    if rng.random() < 0.6:
        lines.append(f"{town}{rng.choice([' ', ', '])}{gb_postcode(rng)}")
    else:
        lines += [town, gb_postcode(rng)]
    return lines


def parts_ca(rng, lang):
    lines = [f"{house(rng)} {street_en(rng)}"]
    if rng.random() < 0.2:
        lines[0] = f"{rng.randint(1, 40)}-{lines[0]}"
    province = rng.choice("ON QC BC AB MB NS NB SK NL Ontario Alberta".split())
    postcode = pattern(rng, "?#?") + rng.choice([" ", " ", "", "-"]) + pattern(rng, "#?#")
    lines.append(f"{rng.choice(CITIES['en'][65:71])}{rng.choice([', ', ' '])}{province} {postcode}")
    return lines


def parts_au(rng, lang):
    lines = [f"{rng.choice(['', '', f'{rng.randint(1, 30)}/', f'Unit {rng.randint(1, 30)}, '])}{house(rng)} {street_en(rng)}"]
    town = rng.choice(CITIES["en"][71:78] + [invented_city(rng)])
    state = rng.choice(["NSW", "VIC", "QLD", "WA", "SA", "TAS", "ACT", "NT", "New South Wales", "Victoria"])
    lines.append(rng.choice([f"{town} {state} {digits(rng, 4)}", f"{town.upper()} {state} {digits(rng, 4)}", f"{town}, {state} {digits(rng, 4)}"]))
    return lines


def parts_in(rng, lang):
    lines = [rng.choice([f"{house(rng)}, {rng.choice(STREET_WORDS)} {rng.choice(['Nagar', 'Colony', 'Road', 'Layout', 'Vihar', 'Enclave', 'Marg', 'Street'])}", f"H.No. {rng.randint(1, 400)}/{rng.randint(1, 40)}, Sector {rng.randint(1, 80)}", f"Plot No {rng.randint(1, 300)}, {ordinal(rng)} Cross", f"Flat {digits(rng, 3)}, {rng.choice(ORG_WORDS)} Apartments"])]
    if rng.random() < 0.4:
        lines.append(rng.choice(["Near Metro Station", "MG Road", "Phase 2", "Andheri West", "Koramangala", "Banjara Hills", "Salt Lake", "Connaught Place"]))
    lines.append(f"{rng.choice(named(PLACES, 'en_IN', ['cities']))}{rng.choice([' - ', ' ', '-', ', '])}{digits(rng, 6)}")
    return lines


def parts_other_en(rng, lang):
    """Small and far countries, in the manner of international forms."""
    draw = rng.choice("za ng ie nz ph vn jp gr is si cy".split())
    if draw == "za":
        return [f"{house(rng)} {rng.choice(named(PLACES, 'zu_ZA', ['street_names']))} {rng.choice(['St', 'Street', 'Rd', 'Road'])}", rng.choice(named(PLACES, "zu_ZA", ["cities"])), digits(rng, 4)]
    if draw == "ng":
        return [f"{rng.choice(['', 'No. ', 'Plot '])}{rng.randint(1, 300)}{rng.choice([' ', ', '])}{rng.choice(NAMES['yo_NG'][1])} {rng.choice(['Street', 'Close', 'Crescent', 'Avenue', 'Road'])}", rng.choice(["Ikeja", "Lekki", "Wuse II", "Surulere", "Yaba", "GRA"]), rng.choice(["Lagos", "Abuja", "Port Harcourt", "Ibadan"])]
    if draw == "ie":
        return [f"{house(rng)} {street_en(rng)}", rng.choice(["Co. Cork", "Dublin 4", "Galway", "Co. Kerry", "Limerick", "Dublin 15"]), pattern(rng, "?## ??##")]
    if draw == "nz":
        return [f"{house(rng)} {street_en(rng)}", rng.choice(["Ponsonby", "Karori", "Riccarton", "Te Aro"]), f"{rng.choice(['Auckland', 'Wellington', 'Christchurch', 'Dunedin'])} {digits(rng, 4)}"]
    if draw == "ph":
        return [f"{rng.randint(1, 900)} {rng.choice(NAMES['es_MX'][1])} St.", f"Brgy. {rng.choice(['San Isidro', 'Poblacion', 'Santa Cruz', 'Bagong Silang'])}", f"{rng.choice(['Quezon City', 'Makati', 'Cebu City', 'Davao'])} {digits(rng, 4)}"]
    if draw == "vn":
        return [f"{rng.randint(1, 400)} {rng.choice(['Nguyen Hue', 'Le Loi', 'Tran Hung Dao', 'Hai Ba Trung', 'Ly Thuong Kiet'])}", f"{rng.choice(['District', 'Quan'])} {rng.randint(1, 12)}", rng.choice(["Ho Chi Minh City", "Hanoi", "Da Nang"])]
    if draw == "jp":
        return [f"{rng.randint(1, 9)}-{rng.randint(1, 30)}-{rng.randint(1, 20)} {rng.choice(['Shibuya', 'Ginza', 'Minami-Aoyama', 'Kita-ku', 'Nakamachi', 'Sakae'])}", f"{rng.choice(['Shibuya-ku', 'Chuo-ku', 'Minato-ku', 'Naka-ku'])}, {rng.choice(['Tokyo', 'Osaka', 'Nagoya', 'Fukuoka'])} {digits(rng, 3)}-{digits(rng, 4)}"]
    if draw == "gr":
        return [f"{rng.choice(['Odos ', '', 'Leoforos '])}{rng.choice(NAMES['el'][1])} {rng.randint(1, 200)}", f"{rng.choice(['Athens', 'Thessaloniki', 'Patras'])} {digits(rng, 3)} {digits(rng, 2)}"]
    if draw == "is":
        return [f"{rng.choice(['Laugavegur', 'Skólavörðustígur', 'Hafnarstræti', 'Strandgata', 'Birkigrund', 'Furuvellir'])} {rng.randint(1, 99)}", f"{digits(rng, 3)} {rng.choice(['Reykjavík', 'Akureyri', 'Kópavogur', 'Selfoss'])}"]
    if draw == "si":
        return [f"{rng.choice(named(PLACES, 'sl_SI', ['streets']))} {rng.randint(1, 150)}", f"{digits(rng, 4)} {rng.choice(named(PLACES, 'sl_SI', ['cities']))}"]
    return [f"{rng.randint(1, 90)} {rng.choice(NAMES['el'][1])} Street", f"{digits(rng, 4)} {rng.choice(['Nicosia', 'Limassol', 'Larnaca'])}"]


def parts_es(rng, lang):
    prefix = rng.choice(["Calle", "Calle", "C/", "Avenida", "Av.", "Avda.", "Plaza", "Pza.", "Paseo", "Camino", "Ronda", "Travesía", "Carrera", "Calzada", "Cl.", "Blvd."])
    of = rng.choice(["", "", "de ", "del ", "de la ", "San ", "Santa "])
    base = rng.choice(["Mayor", "Real", "Constitución", "Independencia", "Libertad", "Sol", "Luna", "Olivos", "Fuente", "Iglesia", "Estación", "Reforma", "Insurgentes", "Juárez", "Colón", "Bolívar", "Goya", "Cervantes", "Prado", "Rosales"] + NAMES["es_ES"][1][:200] + NAMES["es_ES"][0][:60])
    number = rng.choice([f" {rng.randint(1, 300)}", f", {rng.randint(1, 300)}", f" nº {rng.randint(1, 200)}", f" # {rng.randint(1, 90)}-{rng.randint(1, 90)}", f" Núm. {rng.randint(1, 400)}", f", n.º {rng.randint(1, 99)}", f" s/n"])
    line = f"{prefix} {of}{base}{number}"
    if rng.random() < 0.35:
        line += rng.choice([f", {rng.randint(1, 9)}º {rng.choice('ABCD')}", f", {rng.randint(1, 9)}º {rng.choice(['izq.', 'dcha.'])}", f", piso {rng.randint(1, 12)}", f", depto {rng.randint(1, 900)}", f" int. {rng.randint(1, 40)}", f", puerta {rng.randint(1, 9)}", f", bajo {rng.choice('ABC')}", f", esc. {rng.randint(1, 4)}"])
    lines = [line]
    if rng.random() < 0.2:
        lines.append(f"Col. {rng.choice(['Roma Norte', 'Del Valle', 'Centro', 'Condesa', 'Polanco', 'Narvarte'])}")
    town = city(rng, "es")
    lines.append(rng.choice([f"{digits(rng, 5)} {town}", f"{digits(rng, 5)} {town}", f"{digits(rng, 5)}, {town}", f"{town}", f"C.P. {digits(rng, 5)}, {town}", f"{digits(rng, 5)} {town} ({rng.choice(named(PLACES, 'es_ES', ['states']))})"]))
    return lines


def parts_fr(rng, lang):
    prefix = rng.choice(["rue", "rue", "rue", "Rue", "avenue", "av.", "boulevard", "bd", "place", "chemin", "impasse", "allée", "quai", "route", "cours", "square", "Avenue", "Boulevard"])
    of = rng.choice(["de la ", "du ", "des ", "de ", "", "", "de l'"])
    base = rng.choice(["République", "Liberté", "Paix", "Gare", "Église", "Moulin", "Château", "Lilas", "Roses", "Tilleuls", "Jean Jaurès", "Victor Hugo", "Pasteur", "Gambetta", "Voltaire", "Maréchal Foch", "Général de Gaulle", "11 Novembre", "Écoles", "Marché", "Fontaine", "Vignes", "Prés", "Acacias"] + NAMES["fr_FR"][1][:150])
    if of == "de l'":
        base = rng.choice(["Église", "Étoile", "Abbaye", "Orangerie", "Industrie", "Hôtel de Ville", "Europe"])
    number = f"{rng.randint(1, 250)}{rng.choice(['', '', '', '', ' bis', ' ter', 'B'])}"
    line = f"{number}{rng.choice([' ', ' ', ', '])}{prefix} {of}{base}"
    lines = [line]
    if rng.random() < 0.2:
        lines.insert(rng.randint(0, 1), rng.choice([f"Bât. {rng.choice('ABC')}", f"appt {rng.randint(1, 99)}", f"Résidence les {rng.choice(['Pins', 'Chênes', 'Acacias'])}", f"{rng.randint(2, 9)}e étage", f"apt. {rng.randint(1, 60)}"]))
    town = city(rng, "fr")
    lines.append(rng.choice([f"{digits(rng, 5)} {town}", f"{digits(rng, 5)} {town}", f"{digits(rng, 5)} {town} Cedex", town, f"{digits(rng, 2)} {digits(rng, 3)} {town}", f"{town} (Québec) {pattern(rng, '?#? #?#')}", f"{digits(rng, 4)} {rng.choice(['Bruxelles', 'Liège', 'Genève', 'Lausanne', 'Namur'])}"]))
    return lines


def parts_de(rng, lang):
    base = rng.choice(["Haupt", "Bahnhof", "Garten", "Schul", "Dorf", "Berg", "Wald", "Linden", "Kirch", "Ring", "Mozart", "Goethe", "Schiller", "Beethoven", "Birken", "Eichen", "Rosen", "Wiesen", "Feld", "Mühlen", "Brunnen", "Park", "Kaiser", "Friedrich", "Bismarck", "Luther"] + NAMES["de_DE"][1][:120])
    kind = rng.choice(["straße", "straße", "straße", "str.", "str.", "strasse", "weg", "weg", "platz", "allee", "gasse", "ring", "ufer", "damm"])
    street = base + kind
    draw = rng.random()
    if draw < 0.12:
        street = f"{rng.choice(NAMES['de_DE'][0])}-{rng.choice(NAMES['de_DE'][1])}-{rng.choice(['Straße', 'Str.', 'Weg', 'Platz', 'Allee'])}"
    elif draw < 0.2:
        street = rng.choice(["Am", "Im", "An der", "Zum", "Auf dem", "Unter den"]) + " " + rng.choice(["Markt", "Anger", "Bach", "Linden", "Sportplatz", "Wasserturm", "Rosengarten", "Weinberg", "Hang", "Mühlbach"])
    lines = [f"{street} {rng.randint(1, 220)}{rng.choice(['', '', '', '', 'a', 'b', ' c', '/3', '-5'])}"]
    if rng.random() < 0.1:
        lines.append(rng.choice(["Hinterhaus", f"{rng.randint(1, 6)}. OG", f"Whg. {rng.randint(1, 40)}", "c/o Weber", f"Top {rng.randint(1, 30)}"]))
    town = city(rng, "de")
    lines.append(rng.choice([f"{digits(rng, 5)} {town}", f"{digits(rng, 5)} {town}", f"{digits(rng, 5)} {town}", f"D-{digits(rng, 5)} {town}", f"{digits(rng, 4)} {rng.choice(['Wien', 'Graz', 'Zürich', 'Bern', 'Basel', 'Linz'])}", town]))
    return lines


def parts_it(rng, lang):
    prefix = rng.choice(["Via", "Via", "Via", "via", "Viale", "V.le", "Piazza", "P.zza", "Corso", "C.so", "Vicolo", "Largo", "Strada", "Borgo", "Contrada"])
    base = rng.choice(["Roma", "Garibaldi", "Mazzini", "Cavour", "Dante", "Verdi", "Marconi", "della Libertà", "dei Mille", "della Repubblica", "XX Settembre", "IV Novembre", "Vittorio Emanuele II", "San Marco", "delle Rose", "del Mare"] + NAMES["it_IT"][1][:150])
    line = f"{prefix} {base}{rng.choice([' ', ', ', ' n. ', ' n° '])}{rng.randint(1, 300)}{rng.choice(['', '', '', '/A', ' bis', '/3'])}"
    lines = [line]
    if rng.random() < 0.15:
        lines.append(rng.choice([f"scala {rng.choice('ABC')}", f"int. {rng.randint(1, 30)}", f"piano {rng.randint(1, 8)}"]))
    town = city(rng, "it")
    lines.append(rng.choice([f"{digits(rng, 5)} {town} {rng.choice('RM MI NA TO PA GE BO FI'.split())}", f"{digits(rng, 5)} {town} ({rng.choice('RM MI NA TO PA GE BO FI'.split())})", f"{digits(rng, 5)} {town}", f"{digits(rng, 5)}, {town}", town]))
    return lines


def parts_pt(rng, lang):
    prefix = rng.choice(["Rua", "Rua", "Rua", "R.", "Avenida", "Av.", "Travessa", "Praça", "Alameda", "Estrada", "Largo", "Rodovia"])
    of = rng.choice(["", "da ", "do ", "das ", "dos ", "de "])
    base = rng.choice(["Liberdade", "República", "Flores", "Palmeiras", "Augusta", "Paulista", "Brasil", "Santo António", "São João", "Boa Vista", "Sete de Setembro", "25 de Abril", "Restauradores", "Independência"] + NAMES["pt_PT"][1] + NAMES["pt_BR"][1])
    line = f"{prefix} {of}{base}{rng.choice([', ', ' ', ', nº ', ' n.º '])}{rng.randint(1, 3000)}"
    if rng.random() < 0.35:
        line += rng.choice([f", {rng.randint(1, 9)}º {rng.choice(['Esq', 'Dto', 'A', 'B'])}", f", apto {rng.randint(1, 999)}", f", bloco {rng.choice('ABC')}", f" - apt. {rng.randint(10, 400)}", ", casa 2"])
    lines = [line]
    if rng.random() < 0.25:
        lines.append(rng.choice(["Vila Mariana", "Copacabana", "Centro", "Jardim América", "Moema", "Boavista"]))
    town = city(rng, "pt")
    lines.append(rng.choice([f"{digits(rng, 4)}-{digits(rng, 3)} {town}", f"{town} - {rng.choice('SP RJ MG BA RS PR'.split())}, {digits(rng, 5)}-{digits(rng, 3)}", f"{town}/{rng.choice('SP RJ MG BA RS'.split())}", town, f"CEP {digits(rng, 5)}-{digits(rng, 3)}, {town}"]))
    return lines


def parts_north(rng, lang):
    """Dutch, Nordic and central European: street, number; postcode, town."""
    locale = rng.choice(["nl_NL", "da_DK", "fi_FI", "sv_SE", "no_NO", "pl_PL", "cs_CZ", "hr_HR", "hu_HU", "ro_RO", "tr_TR"])
    family = rng.choice(NAMES[locale][1])
    if locale == "nl_NL":
        return [f"{rng.choice([family, 'Kerk', 'Dorps', 'Molen', 'School', 'Prinsen'])}{rng.choice(['straat', 'weg', 'laan', 'plein', 'gracht', 'dijk'])} {rng.randint(1, 300)}{rng.choice(['', '', 'A', '-2', ' hs'])}", f"{pattern(rng, '%###')} {pattern(rng, '??')} {rng.choice(named(PLACES, 'nl_NL', ['cities']))}"]
    if locale == "da_DK":
        return [f"{rng.choice(named(PLACES, 'da_DK', ['street_names']))} {rng.randint(1, 200)}{rng.choice(['', '', ', 2. tv', ', st. th', ' B'])}", f"{digits(rng, 4)} {rng.choice(named(PLACES, 'da_DK', ['cities']))}"]
    if locale == "fi_FI":
        return [f"{rng.choice(named(PLACES, 'fi_FI', ['street_prefixes']))}{rng.choice(['katu', 'tie', 'kuja', 'polku'])} {rng.randint(1, 150)}{rng.choice(['', '', ' A 12', ' B 4'])}", f"{digits(rng, 5)} {rng.choice(named(PLACES, 'fi_FI', ['cities'])).upper() if rng.random() < 0.4 else rng.choice(named(PLACES, 'fi_FI', ['cities']))}"]
    if locale == "sv_SE":
        return [f"{rng.choice(named(PLACES, 'sv_SE', ['street_prefixes']))}{rng.choice(['gatan', 'vägen', 'gränd', 'stigen'])} {rng.randint(1, 150)}", f"{digits(rng, 3)} {digits(rng, 2)} {rng.choice(named(PLACES, 'sv_SE', ['cities']))}"]
    if locale == "no_NO":
        return [f"{family}{rng.choice(['veien', 'gata', 'bakken', ' gate', 'svingen'])} {rng.randint(1, 150)}", f"{digits(rng, 4)} {rng.choice(['OSLO', 'Bergen', 'Trondheim', 'STAVANGER', 'Tromsø', 'Drammen'])}"]
    if locale == "pl_PL":
        return [f"{rng.choice(['ul. ', 'ul. ', 'al. ', 'os. ', ''])}{rng.choice(named(PLACES, 'pl_PL', ['streets_universal', 'streets_adjective']))} {rng.randint(1, 200)}{rng.choice(['', f'/{rng.randint(1, 60)}', f' m. {rng.randint(1, 60)}'])}", f"{digits(rng, 2)}-{digits(rng, 3)} {rng.choice(named(PLACES, 'pl_PL', ['cities']))}"]
    if locale == "cs_CZ":
        return [f"{rng.choice(named(PLACES, 'cs_CZ', ['streets']))} {rng.randint(1, 999)}{rng.choice(['', f'/{rng.randint(1, 30)}'])}", f"{digits(rng, 3)} {digits(rng, 2)} {rng.choice(named(PLACES, 'cs_CZ', ['cities']))}"]
    if locale == "hr_HR":
        return [f"{rng.choice(named(PLACES, 'hr_HR', ['streets']))} {rng.randint(1, 150)}", f"{digits(rng, 5)} {rng.choice(named(PLACES, 'hr_HR', ['cities']))}"]
    if locale == "hu_HU":
        return [f"{family} {rng.choice(['u.', 'utca', 'út', 'tér', 'krt.'])} {rng.randint(1, 150)}.", f"{digits(rng, 4)} {rng.choice(['Budapest', 'Debrecen', 'Szeged', 'Pécs', 'Győr'])}"]
    if locale == "ro_RO":
        return [f"{rng.choice(['Str.', 'Bd.', 'Calea', 'Strada'])} {rng.choice(NAMES['ro_RO'][0])} nr. {rng.randint(1, 200)}{rng.choice(['', ', bl. B3, ap. 12', ', sc. A'])}", f"{digits(rng, 6)} {rng.choice(named(PLACES, 'ro_RO', ['cities']))}"]
    return [f"{rng.choice(['Atatürk', 'Cumhuriyet', 'İstiklal', 'Bahçe', 'Gül'])} {rng.choice(['Cad.', 'Sok.', 'Mah.', 'Caddesi', 'Bulvarı'])} No: {rng.randint(1, 150)}{rng.choice(['', f' D: {rng.randint(1, 20)}'])}", f"{digits(rng, 5)} {rng.choice(['Kadıköy/İstanbul', 'Ankara', 'İzmir', 'Bursa'])}"]


ADDRESSES = {
    "en": [parts_us] * 10 + [parts_gb] * 5 + [parts_ca] * 2 + [parts_au] * 3 + [parts_in] * 2 + [parts_other_en] * 3 + [parts_north] * 4 + [parts_de] * 2 + [parts_fr] * 2 + [parts_es] * 2 + [parts_it, parts_pt],
    "es": [parts_es] * 12 + [parts_us, parts_fr, parts_pt],
    "fr": [parts_fr] * 12 + [parts_us, parts_de, parts_ca],
    "de": [parts_de] * 12 + [parts_us, parts_fr, parts_north],
    "it": [parts_it] * 12 + [parts_us, parts_fr, parts_de],
    "pt": [parts_pt] * 12 + [parts_us, parts_es, parts_fr],
}


def address_lines(rng, lang):
    lines = rng.choice(ADDRESSES[lang])(rng, lang)
    if rng.random() < 0.18:
        lines = lines + [country(rng, lang)]
    return lines


def address(rng, lang):
    """On one line."""
    lines = address_lines(rng, lang)
    joint = rng.choice([", ", ", ", ", ", ", ", " ", " - ", "; "])
    return joint.join(lines)


def address_block(rng, lang):
    """On several lines."""
    return rng.choice(["\n", "\n", "\n", ",\n", " \n"]).join(address_lines(rng, lang))


def address_short(rng, lang):
    """Street and number alone, sometimes with the town."""
    lines = rng.choice(ADDRESSES[lang])(rng, lang)
    if rng.random() < 0.25:
        return f"{lines[0]}, {city(rng, lang)}"
    return lines[0]


def postcode(rng, lang):
    if lang == "en":
        return rng.choice([digits(rng, 5), gb_postcode(rng), pattern(rng, "?#? #?#")])
    return {"pt": f"{digits(rng, 4)}-{digits(rng, 3)}"}.get(lang, digits(rng, 5))


def street(rng, lang):
    """A street's name with no number: nobody's address."""
    if lang == "en":
        return street_en(rng)
    line = rng.choice(ADDRESSES[lang][:12])(rng, lang)[0]
    for _ in range(3):
        words = [word for word in line.replace(",", " ").split() if not any(sign.isdigit() for sign in word)]
        if len(words) >= 2 or lang == "de" and words:
            return " ".join(words[:4]).rstrip(" n.º°/#-")
        line = rng.choice(ADDRESSES[lang][:12])(rng, lang)[0]
    return {"es": "Gran Vía", "fr": "rue de Rivoli", "it": "Via del Corso", "pt": "Rua Augusta"}.get(lang, "Domplatz")


def org(rng, lang):
    draw = rng.random()
    if draw < 0.3:
        return rng.choice(REAL_ORGS)
    kind = rng.choice(ORG_KINDS).replace("_", " ")
    if draw < 0.55:
        return f"{rng.choice(ORG_WORDS)} {kind}"
    if draw < 0.65:
        return f"{rng.choice(ORG_WORDS)}{rng.choice(['soft', 'tech', 'path', 'point', 'works', 'line', 'net', 'ware', 'ly', 'ify', 'hub', 'gate'])}"
    if draw < 0.75:
        return f"{rng.choice(ORG_WORDS)} {rng.choice(ORG_WORDS)} {kind}"
    family = rng.choice(name_lists(rng, lang)[0][1])
    if draw < 0.85:
        return f"{family} {kind}"
    if draw < 0.90:
        return f"{family} & {rng.choice(name_lists(rng, lang)[0][1])}"
    if draw < 0.95:
        return f"{family}, {rng.choice(name_lists(rng, lang)[0][1])} and {rng.choice(name_lists(rng, lang)[0][1])}"
    return rng.choice([f"St. {rng.choice(NAMES['en'][0])}'s Hospital", f"{rng.choice(CITIES['en'])} {rng.choice(['University', 'City Council', 'General Hospital', 'Police Department', 'Times', 'Herald', 'Airport'])}", f"University of {rng.choice(CITIES['en'])}", f"Bank of {rng.choice(CITIES['en'])}", f"{family} Family Trust", f"{family} High School"])


def age_number(rng):
    return rng.choice([rng.randint(18, 90), rng.randint(18, 90), rng.randint(18, 90), rng.randint(1, 17), rng.randint(90, 104)])


AGE_UNITS = {
    "en": ["years", "years", "years", "yrs", "year", "months", "weeks"],
    "es": ["años", "años", "meses"],
    "fr": ["ans", "ans", "mois"],
    "de": ["Jahre", "Jahre", "Monate"],
    "it": ["anni", "anni", "mesi"],
    "pt": ["anos", "anos", "meses"],
}


def username(rng, lang):
    f = fold(rng.choice(NAMES["en"][0])).lower()
    l = fold(rng.choice(NAMES["en_US"][1])).lower()
    a, b = rng.choice(WORDS), rng.choice(WORDS)
    n = digits(rng, rng.randint(1, 4))
    return rng.choice([
        f"{f}{n}", f"{f}.{l}", f"{f[0]}{l}", f"{f[0]}{l}{n}", f"{f}_{l}", f"{f}-{l}", f"{a}{b}{n}", f"{a}_{b}", f"{a.title()}{b.title()}", f"{a}{n}",
        f"{f}{l}", f"x{a.title()}{b.title()}x", f"{a}.{b}{n}", f"the_{a}_{b}", f"{f}{l[0]}{n}", f"{l}{f[0]}", f"svc_{a}", f"adm-{l}", f"{f}_{n}", f"{a}{b}",
        f"{f.title()}{l.title()}{n}", f"{rng.choice('abcdefgh')}{digits(rng, 6)}", f"{l}.{f[0]}", f"mr{a}{n}", f"{a}-{b}-{n}", f"u{digits(rng, 5)}",
    ])


def fold(text):
    import unicodedata

    kept = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in kept if sign.isascii() and sign.isalnum()) or "user"


def password(rng, lang):
    a, b = rng.choice(WORDS), rng.choice(WORDS)
    sign = rng.choice("!@#$%^&*?-_+=")
    leet = a.translate(str.maketrans("aeiost", "4310$7"))
    free = "".join(rng.choice(string.ascii_letters + string.digits + "!@#$%^&*") for _ in range(rng.randint(8, 16)))
    return rng.choice([
        f"{a.title()}{digits(rng, 2)}{sign}", f"{a}{digits(rng, 3)}", f"{leet.title()}{sign}{digits(rng, 2)}", f"{a.title()}-{b.title()}{sign}{digits(rng, 2)}",
        free, free, f"{a}{b}{digits(rng, 4)}", f"{a.title()}{b.title()}{sign}", f"{rng.choice(NAMES['en'][0])}{rng.randint(1950, 2024)}{sign}",
        f"{a}-{b}-{rng.choice(WORDS)}-{rng.choice(WORDS)}", f"{sign}{a.upper()}{digits(rng, 4)}", "hunter2", f"P@ssw0rd{digits(rng, 2)}", f"qwerty{digits(rng, 3)}",
        f"letmein{sign}", f"{b.title()}{sign}{a}{digits(rng, 1)}", f"iLove{b.title()}{digits(rng, 2)}",
    ])


def driver_id(rng, lang):
    return pattern(rng, rng.choice([
        "?#######", "?########", "?###-####-####", "?############", "#########", "########", "### ### ###", "##-###-####", "?##-##-####", "??######", "?#####-####-######",
        "?-###-###-###-###", "?#######?", "??###???", "?????%#####??#??", "?????######??9??", "##?###?##", "?####-#####-#####", "########-?", "########?", "??-##-#######", "?%%-###-###", "###?####",
    ]))


def plate(rng, lang):
    return pattern(rng, rng.choice([
        "%???###", "???-####", "??? ####", "###-???", "?## ???", "??## ???", "??##???", "??-###-??", "?-?? ###", "??-?? ####", "#### ???", "?? ### ??", "???-###", "%??? ###",
        "###·???", "??? %?##", "??-##-??", "##-??-##", "?## ?????", "???%?##", "?-?? %##?", "?? ####?", "## ?? ####", "KA ## ?? ####", "??? ###",
    ]))


def pin(rng, lang):
    return digits(rng, rng.choice([4, 4, 4, 4, 6, 5]))


def phone(rng, lang):
    return pattern(rng, rng.choice([
        "(%##) ###-####", "%##-###-####", "%##.###.####", "+1 %## ### ####", "+1-%##-###-####", "1-800-###-####", "07### ######", "+44 7### ######", "020 #### ####", "+34 6## ## ## ##",
        "06 ## ## ## ##", "+33 6 ## ## ## ##", "0151 #######", "+49 30 #######", "+39 3## ### ####", "+351 9## ### ###", "(##) 9####-####", "+91 %#### #####", "0## ### ####", "%#########",
        "###-####", "+## ## ### ## ##", "0## ## ## ## ##", "+61 4## ### ###", "## ## ## ##", "%## ### ####", "0### ### ###", "(0##) #### ####",
    ]))


def domain(rng):
    return f"{rng.choice(WORDS)}{rng.choice(['', '-', ''])}{rng.choice(WORDS)}.{rng.choice('com com com org net io co.uk de fr es it pt com.br ca edu gov info biz example app dev'.split())}"


def email(rng, lang):
    host = rng.choice(["gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "web.de", "orange.fr", "libero.it"]) if rng.random() < 0.5 else domain(rng)
    return f"{username(rng, lang)}@{host}"


def url(rng, lang):
    return f"{rng.choice(['https://', 'http://', 'www.', 'https://www.', ''])}{domain(rng)}{rng.choice(['', '', '/', f'/{rng.choice(WORDS)}', f'/{rng.choice(WORDS)}/{rng.choice(WORDS)}?id={digits(rng, 3)}', f'/{rng.choice(WORDS)}.html'])}"


def ip(rng, lang):
    if rng.random() < 0.15:
        return ":".join(f"{rng.randint(0, 65535):x}" for _ in range(8))
    return ".".join(str(rng.randint(1, 254)) for _ in range(4))


def card(rng, lang):
    return pattern(rng, rng.choice(["4### #### #### ####", "5### #### #### ####", "4###############", "3### ###### #####", "4###-####-####-####", "6011 #### #### ####", "37#############"]))


def ssn(rng, lang):
    return pattern(rng, rng.choice(["###-##-####", "### ## ####", "??######?", "### ### ###", "### ### ####", "%## ## ## ### ### ##", "########?", "###.###.###-##", "??? ??? ##?## ?###?"]))


def iban(rng, lang):
    return pattern(rng, rng.choice(["GB## ???? #### #### #### ##", "DE## #### #### #### #### ##", "FR## #### #### #### #### #### ###", "ES## #### #### #### #### ####", "NL##????##########", "IT##?######################"]))


def date(rng, lang):
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1940, 2026)
    named_month = MONTHS[lang][rng.randint(0, 11)]
    of = {"es": " de ", "pt": " de "}.get(lang, " ")
    return rng.choice([f"{year}-{month:02}-{day:02}", f"{day:02}/{month:02}/{year}", f"{month}/{day}/{year}", f"{day}.{month}.{year}", f"{day}{of}{named_month}{of}{year}", f"{named_month} {day}, {year}" if lang == "en" else f"{day}{of}{named_month}", f"{day}{of}{named_month}"])


def time(rng, lang):
    return rng.choice([f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}", f"{rng.randint(1, 12)} {rng.choice(['am', 'pm', 'PM'])}" if lang == "en" else f"{rng.randint(8, 20)}h", f"{rng.randint(7, 21)}:{rng.choice(['00', '15', '30', '45'])}"])


def amount(rng, lang):
    value = rng.choice([f"{rng.randint(1, 999)}", f"{rng.randint(1, 99)}.{rng.randint(0, 99):02}", f"{rng.randint(1, 99)},{rng.randint(100, 999)}"])
    return rng.choice([f"${value}", f"${value}", f"€{value}", f"£{value}", f"{value} EUR", f"{value} €", f"USD {value}"])


def order(rng, lang):
    return pattern(rng, rng.choice(["######", "#######", "ORD-######", "PO-####", "#??####", "###-#######-#######", "INV-####-###", "TCK####", "??-#####", "A####", "CASE ######", "REF##########", "1Z###??##########"]))


def number(rng, lang):
    return rng.choice([str(rng.randint(2, 12)), str(rng.randint(2, 99)), str(rng.randint(100, 2000))])


def pick(values):
    return lambda rng, lang: rng.choice(values)


def by_language(values):
    return lambda rng, lang: rng.choice(values[lang])


# Field of a template → (label, maker). A label of None is no personal data that the tagger learns.
FIELDS = {
    "name": ("NAME", name),
    "first": ("NAME", first),
    "last": ("NAME", last),
    "full": ("NAME", lambda rng, lang: f"{first(rng, lang)} {last(rng, lang)}"),
    "full_three": ("NAME", lambda rng, lang: f"{first(rng, lang)} {first(rng, lang)} {last(rng, lang)}"),
    "name_reversed": ("NAME", name_reversed),
    "address": ("ADDRESS", address),
    "address_block": ("ADDRESS", address_block),
    "address_short": ("ADDRESS", address_short),
    "postcode": ("ADDRESS", postcode),
    "age": ("AGE", lambda rng, lang: str(age_number(rng))),
    "age_unit": ("AGE", lambda rng, lang: f"{age_number(rng)} {rng.choice(AGE_UNITS[lang])}"),
    "age_hyphen": ("AGE", lambda rng, lang: f"{age_number(rng)}-year"),
    "user": ("USERNAME", username),
    "handle": ("USERNAME", lambda rng, lang: "@" + username(rng, lang).replace(".", "").replace("-", "_")),
    "password": ("PASSWORD", password),
    "driver": ("DRIVER_ID", driver_id),
    "plate": ("LICENSE_PLATE", plate),
    "pin": ("PIN", pin),
    "org": ("ORGANIZATION", org),
    "city": ("LOCATION", city),
    "country": ("LOCATION", country),
    "state": ("LOCATION", pick(PLACES["en_US"]["states"])),
    "street": ("LOCATION", street),
    "nationality": (None, pick(NATIONALITIES)),
    "title": (None, by_language(TITLES)),
    "job": (None, pick(JOBS)),
    "product": (None, pick(PRODUCTS)),
    "topic": (None, pick(TOPICS)),
    "month": (None, by_language(MONTHS)),
    "day": (None, by_language(DAYS)),
    "date": (None, date),
    "time": (None, time),
    "amount": (None, amount),
    "order": (None, order),
    "n": (None, number),
    "phone": (None, phone),
    "email": (None, email),
    "url": (None, url),
    "ip": (None, ip),
    "card": (None, card),
    "ssn": (None, ssn),
    "iban": (None, iban),
}
