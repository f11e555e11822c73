"""The words the rules know: verbs by what they ask of an API, nouns that are never entities, field names and their types."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


CREATE = _set(
    "create add register book place submit make define generate request reserve write record post compose draft enter "
    "upload order open schedule insert apply log setup report issue raise buy purchase rent borrow store save invite send attach publish"
)
"""Verbs that bring a record into being."""

LIST = _set(
    "list view browse see search find query retrieve read show display get extract fetch filter sort look access check track review lookup monitor inspect"
)
UPDATE = _set("move update modify edit change correct maintain adjust rename revise amend reschedule configure alter")
DELETE = _set("delete remove erase purge destroy discard")
MANAGE = _set("manage administer handle crud")
ACTION = _set(
    "cancel approve reject confirm complete close reopen archive restore activate deactivate suspend lock unlock accept decline pay refund "
    "ship return enroll enrol affiliate assign unassign subscribe unsubscribe follow unfollow like rate vote "
    "dispute void acknowledge revoke escalate dispatch release rotate duplicate clone merge split forward resend mark flag pin mute submit-for-review redeliver terminate postpone extend "
    "share join leave checkin transfer verify validate export import download print redeem renew pause resume start stop scan block ban"
)
"""Verbs that become an action on a record."""

LOGIN = _set("login signin authenticate")
SIGNUP = _set("signup enlist")
COMPUTE = {"encode": "encoded", "decode": "decoded", "encrypt": "encrypted", "decrypt": "decrypted", "compress": "compressed", "convert": "converted",
           "transform": "transformed", "translate": "translated", "calculate": "result", "compute": "result", "parse": "parsed", "validate": "valid",
           "hash": "hash", "format": "formatted"}  # fmt: skip
"""Verbs of functions that keep nothing, and the name of what they give back."""

NOUN_TOO = _set(
    "book order post list log report record schedule review rate request comment share store check track place view filter sort search "
    "query access display show monitor issue draft invite return transfer ship vote like look change update start stop read import export "
    "print download upload format hash apply edit purchase rent manage open close lock pause"
)
"""Verbs that are as often nouns: taken as a verb only before an object."""

ADVERBS = _set(
    "often mostly usually sometimes always never daily weekly monthly yearly hourly nightly quarterly annually already almost again ago also "
    "altogether anyway apart aside away back below beforehand besides early elsewhere else enough ever everywhere far fast forever forth "
    "forward hence here however indeed instead just late later long maybe meanwhile moreover nearby nevertheless nonetheless now nowadays "
    "offline online otherwise overnight perhaps please quite rather seldom so somehow somewhat soon still straight straightaway then there thereafter "
    "therefore thereby though through throughout thus today together tomorrow tonight too twice thrice once upfront upstairs downstairs very well "
    "yesterday yet afterwards anytime anywhere abroad ahead alone asap manually roughly nearly hardly rarely"
)
"""Words that say when, how often or how: never a thing, a property or a role."""

PREPOSITIONS = _set(
    "of in into onto to for with without by from at on via through across within between during before after under over about against along "
    "among around behind beneath beside beyond despite except inside like near off out outside per plus since than till toward towards until unlike up upon versus"
)

ADJECTIVES = _set(
    "good bad better best worse worst big small large little short tall high low new old young easy hard simple complex quick slow fast clear "
    "safe secure cheap expensive free busy ready open visible invisible correct wrong true false important relevant necessary possible impossible "
    "same different similar other many few several main major minor whole entire full empty able unable sure certain happy nice great clean dirty "
    "available reliable scalable usable reasonable user-friendly friendly modern intuitive responsive robust flexible efficient effective"
)
"""Adjectives that stand where a noun could: 'keeps records safe'."""

LY_NOUNS = _set(
    "supply reply family assembly anomaly monopoly ally rally tally bully jelly belly fly butterfly homily subfamily subassembly"
)
"""Nouns that end as adverbs do."""

DETERMINERS = _set(
    "a an the their his her its my our your this that these those all any each every some no another other own new existing specific given "
    "certain multiple several many one two three four five more various different single particular chosen selected individual entire "
    "necessary required relevant appropriate following such available unique detailed complete full latest recent current previous "
    "previously past future upcoming own free personal simple basic custom additional proper corresponding respective associated both either "
    "also then only once again easily quickly securely online first second last next same own most few large small"
)
"""Words before a noun that do not name it."""

BOUNDARY = _set(
    "of in into onto to for with without by from at on via through using as per about across within between during before after under over "
    "based that which who whose whom where when while if so because such but then than is are was were be been being has have had do does "
    "must shall should may can could will would might not it they them he she we i you which until since against "
    "involving containing having using being belonging concerning participating towards upon along around regarding like including e.g i.e etc depending according due up out off there here just how what why whether"
)
"""Words that end a noun phrase."""

LIGHT = _set(
    "datum detail information info data list listing record library stack set number collection copy status content part type kind range "
    "group name variety series row entry item history instance definition version placeholder registry repository amount element "
    "existence summary overview state lot page value result view modification creation deletion management registration enrollment"
)
"""Nouns that say little before ``of``: 'details of events' is about events."""

NOISE = _set(
    "system application app platform service server client software website site web product project solution tool program module "
    "component interface ui gui api endpoint url uri http https rest backend frontend database db table column schema field data datum detail "
    "information functionality function feature capability requirement specification standard protocol framework architecture "
    "infrastructure environment implementation code source user people person human someone anyone everyone operation process processing "
    "workflow task-flow step procedure action activity mechanism method approach algorithm logic way manner case example use time date "
    "day week month year hour minute second millisecond moment period duration name id identifier type kind category value number amount "
    "list set group record entry item object thing stuff part copy content text string json xml csv format request response error "
    "exception failure success status state message-queue header body parameter argument option command line input output result "
    "performance security privacy compliance availability reliability scalability usability quality efficiency latency throughput "
    "access permission role authorization authentication token credential password login logout session cookie experience need goal "
    "purpose benefit report value-add right responsibility scope phase version release milestone deadline sprint team stakeholder consumer "
    "building block sub-block building-block page screen dashboard button form link menu view search filter query sort list-view "
    "registration creation deletion update modification change management administration enrollment mode level rule policy "
    "configuration setting preference property attribute criterion instance range variety side end start beginning point place "
    "control issue problem risk question answer-key decision support help assistance guidance instruction documentation document-set "
    "relation relationship reference resource-consumption load traffic volume storage cache backup copy cloud device phone mobile "
    "address contact email e-mail mail sms notification alert reminder push library package dependency class java python file folder "
    "directory path log logging report-generation statistic metric trend analysis analytics insight overview summary total count "
    "ability availability-target progress history own self stack dataset language currency country location position "
    "world industry sector domain field-name business company organization market competition cost budget money effort work "
    "who what which that it they them one two something anything everything nothing each none both all more most few less many"
    " sure sense rule crud concurrency uniqueness duplication sequence order-by scaling flexibility integration existing external internal"
    " provision provisioning trigger exchange set-up setup standpoint view-point placeholder need-to ways means basis kind-of"
    " overlap parameter size length width height color default minimum maximum limit offset pagination cursor timestamp log-in"
)
"""Nouns that are hardly ever something a backend keeps, unless the brief names them as a table, schema or managed thing."""

SPOKEN = {"report": "report", "complain": "complaint", "dispute": "dispute", "rate": "rating", "flag": "report"}
"""Verbs that say something about a thing that is there, and what comes into being: who reports a broken lamp makes a report about it."""

HAPPENING = _set(
    "incident defect issue problem damage fault bug error accident loss breakdown outage failure violation complaint hazard emergency absence "
    "theft pothole leak spill crime injury sighting case concern abuse delay progress time hour expense"
)
"""What comes into being by being reported."""

TAKE = _set("borrow rent buy purchase reserve order book request publish")
"""Verbs that take what somebody else made; they create only what nobody else does."""

TAKEN = {"order": "order", "book": "booking", "reserve": "reservation", "rent": "rental", "borrow": "loan", "buy": "purchase", "purchase": "purchase", "lend": "loan"}  # fmt: skip
"""The thing that comes into being when something is taken."""

CONCRETE = _set(
    "user availability slot project team company organization device file folder group form page question policy budget sprint release milestone phase product menu "
    "link list alert reminder role report permission location notification dashboard campaign option message client rule environment key"
)
"""Vague nouns that are entities all the same when somebody creates or manages them."""

TECHNICAL = _set(
    "health metric status token auth session search webhook callback me info version config doc root api ping login logout"
)
"""Path segments that name no entity."""

FIELD_TYPES: tuple[tuple[str, str], ...] = (
    (r"(?:^|_)e?mail(?:_address)?$", "email"),
    (r"(?:^|_)(?:url|uri|link|website|webhook|homepage)$", "uri"),
    (r"(?:_at|date_time|datetime|date_time_stamp|timestamp|time_stamp|_time|^time)$", "date-time"),
    (
        r"(?:^|_)(?:weekdays|working_hours|opening_hours|working_days|schedule|items|tags|ids|skills|images|photos)$|_ids$",
        "json",
    ),
    (r"(?:^|_)(?:id|uuid)$", "uuid"),
    (r"^(?:expires|expiry|deadline|due)$|(?:^|_)(?:expires|expiry|deadline)$", "date-time"),
    (
        r"^(?:valid|effective|available|active)_(?:from|until|to)$|(?:^|_)(?:date|dob|birthday|date_of_birth|birth_date)$|_on$|^day$",
        "date",
    ),
    (
        r"(?:^|_)(?:price|amount|total|cost|fee|balance|salary|tax|discount|rate|weight|height|width|length|latitude|longitude|score|percentage|budget|subtotal)$",
        "number",
    ),
    (
        r"(?:^|_)(?:count|age|quantity|qty|stock|capacity|number_of_\w+|limit|offset|page|size|year|duration|level|rank|rating|stars|seats|guests|minutes|seconds|hours|days|points|version|position|floor)$|^(?:max|min)_",
        "integer",
    ),
    (
        r"^(?:is|has|can|allow|allows)_|(?:^|_)(?:flag|enabled|active|public|private|verified|archived|published|deleted|completed|done|paid|read)$",
        "boolean",
    ),
    (
        r"(?:^|_)(?:description|content|body|text|bio|notes?|comments?|summary|message|address|details?|remarks?|instructions?)$",
        "text",
    ),
    (
        r"(?:^|_)(?:metadata|payload|settings|preferences|options|json|tags|working_hours|weekdays|opening_hours)$",
        "json",
    ),
)
"""Field type by the shape of its snake_case name, first match wins."""

FIELD_NOUNS = _set(
    "id name title description date time duration price status category type email phone telephone mobile address url website amount "
    "quantity count age code number deadline location venue content text image photo picture avatar rating comment note notes priority start "
    "end weight height size color colour stock sku currency tag tags username password role gender birthday dob bio body subject author "
    "isbn genre year publisher language country city street zip postcode state mode stamp token hours weekday weekdays capacity seats total "
    "discount tax salary balance score grade level position latitude longitude message summary due link attachment file label slug "
    "timestamp mail sms webhook recipient sender brand model unit reason result version key value expiry contact specialty speciality "
    "diagnosis dosage allergy allergies method reference signature nationality passport ssn iban card cvv hour day week month row seat section gate barcode"
)
"""Nouns that are mostly properties of something else."""

ROLES = _set(
    "user customer admin administrator manager organizer organiser subscriber participant patient doctor nurse student teacher faculty "
    "instructor employee member guest visitor client buyer seller vendor merchant supplier driver rider courier agent operator auditor "
    "moderator editor author writer reader reviewer approver owner staff developer analyst officer clerk librarian tenant landlord host "
    "citizen beneficiary applicant candidate recruiter investor trader player coach trainer parent child learner mentor mentee donor "
    "volunteer technician engineer accountant cashier shopper passenger traveler traveller attendee speaker exhibitor promoter sponsor "
    "subscriber follower creator contributor maintainer supervisor director superuser caller receptionist pharmacist therapist "
    "physician clinician caregiver dispatcher inspector planner scheduler-admin super-admin superadmin webmaster person freelancer "
    "resident grower farmer shipper consignee collector requester requestor assignee submitter viewer purchaser bidder broker claimant caretaker chef waiter "
    "vet walker sitter surveyor registrar warden steward colleague anybody anyone everybody everyone planner buyer tenant-admin "
    "tutor professor lecturer pupil renter borrower lender payer payee sender receiver recipient contractor holder advertiser publisher fan"
)
"""Nouns that name somebody who acts."""

IRREGULAR = {"id": "ids", "person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet", "tooth": "teeth", "goose": "geese",
             "mouse": "mice", "criterion": "criteria", "phenomenon": "phenomena", "datum": "data", "medium": "media", "index": "indices",
             "analysis": "analyses", "diagnosis": "diagnoses", "crisis": "crises", "basis": "bases", "bus": "buses", "gas": "gases",
             "leaf": "leaves", "shelf": "shelves", "life": "lives", "wife": "wives", "knife": "knives", "half": "halves", "hero": "heroes",
             "potato": "potatoes", "quiz": "quizzes", "alumnus": "alumni", "curriculum": "curricula", "movie": "movies", "cookie": "cookies",
             "zombie": "zombies", "tie": "ties", "pie": "pies", "calorie": "calories", "cache": "caches", "axis": "axes", "ox": "oxen"}  # fmt: skip
UNCOUNTABLE = _set(
    "information equipment feedback staff faculty series species news software hardware data metadata inventory stock money content media "
    "status address-data progress sms content homework research advice evidence luggage furniture traffic access"
)
"""Nouns whose plural is the same or is not used."""

STATES = frozenset(
    [
        "use",
        "need",
        "want",
        "choose",
        "select",
        "click",
        "know",
        "understand",
        "belong",
        "expect",
        "ensure",
        "avoid",
        "wait",
        "work",
        "rely",
        "trust",
        "continue",
        "decide",
        "contain",
        "include",
        "have",
        "has",
        "allow",
        "enable",
        "support",
        "provide",
        "offer",
        "keep",
        "hold",
        "take",
        "make",
        "become",
        "stay",
        "remain",
        "begin",
        "end",
        "apply",
        "perform",
        "carry",
        "run",
        "log",
        "lead",
        "cause",
        "affect",
        "exceed",
        "get",
        "put",
        "let",
        "help",
        "give",
        "receive",
        "meet",
        "hear",
        "feel",
        "think",
        "learn",
        "work",
        "talk",
        "reach",
        "react-to",
        "login",
        "logout",
        "sign",
        "enter",
    ]
)
"""Verbs that ask for no operation of their own."""
