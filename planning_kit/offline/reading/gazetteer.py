"""Names the rules know: technologies by category, regulations, external systems, and words for personal data."""

from __future__ import annotations

TECHNOLOGIES: dict[str, str] = {
    "language": "Java|Python|C++|C#|JavaScript|TypeScript|Ruby|PHP|Kotlin|Scala|Golang|Go!|Rust!|Swift!|Elixir|Erlang|Haskell|Clojure|Perl|Dart!|Node.js|NodeJS|.NET",
    "database": "PostgreSQL|Postgres|MySQL|MariaDB|SQLite|MongoDB|Redis|Cassandra!|DynamoDB|Oracle Database|SQL Server|MSSQL|CockroachDB|Elasticsearch|OpenSearch|Neo4j|"
    "Firestore|Firebase|Supabase|InfluxDB|TimescaleDB|ClickHouse|Snowflake!|BigQuery|Redshift!|Memcached|Couchbase|CouchDB|Aurora!|Cosmos DB",
    "framework": "Spring Boot|Spring Framework|Django|Flask!|FastAPI|Express.js|ExpressJS|NestJS|Ruby on Rails|Laravel|Symfony|ASP.NET|Ktor|Micronaut|Quarkus|Phoenix Framework|"
    "Next.js|React|Angular|Vue.js|React Native|Flutter|Hibernate|Prisma!|SQLAlchemy|Celery!|Sidekiq|Gin Gonic",
    "queue": "RabbitMQ|Kafka|Apache Kafka|ActiveMQ|NATS|SQS|Amazon SQS|SNS|Pub/Sub|PubSub|ZeroMQ|MQTT|Google Pub/Sub|Azure Service Bus|Kinesis!",
    "cloud": "AWS|Amazon Web Services|Azure|Google Cloud|GCP|Heroku|DigitalOcean|Cloudflare|Vercel|Netlify|Hetzner|OpenStack|IBM Cloud|Oracle Cloud|AWS Lambda|Cloud Run|Fly.io",
    "platform": "Docker|Kubernetes|K8s|Terraform|Ansible|Helm!|OpenShift|Nginx|NGINX|Apache HTTP Server|Istio|GitHub Actions|GitLab CI|Jenkins!|Linux|Java Runtime Environment|JVM|Gradle|Maven!|CMake",
    "protocol": "REST|RESTful|GraphQL|gRPC|WebSocket|WebSockets|SOAP!|OAuth|OAuth2|OAuth 2.0|OpenID Connect|OIDC|SAML|JWT|OpenAPI|AsyncAPI|iCalendar|HL7|FHIR|SCIM|LDAP|TLS|mTLS|RFC 3339|ISO 8601|CloudEvents|Server-Sent Events",
    "monitoring": "Prometheus!|Grafana|Datadog|New Relic|Sentry!|OpenTelemetry|Splunk|Kibana|Jaeger!|PagerDuty|CloudWatch",
}  # fmt: skip
"""Alternatives by category; a name ending in ``!`` is also an everyday word and counts only near another technology word."""

INTEGRATIONS: dict[str, str] = {
    "payment": "Stripe|PayPal|Adyen|Braintree|Klarna|Mollie|Razorpay|Worldpay|Apple Pay|Google Pay|Toss Payments|payment (?:provider|gateway|processor|service provider)|credit card processor",
    "messaging": "Twilio|Vonage|MessageBird|SMS (?:gateway|provider|service)|WhatsApp(?: Business)?|Slack|Microsoft Teams|Telegram|push notification service|FCM|Firebase Cloud Messaging|APNs",
    "email": "SendGrid|Mailgun|Mailchimp|Amazon SES|AWS SES|Postmark|SMTP|email (?:service|provider|gateway)|mail server",
    "identity": "Auth0|Okta|Keycloak|Cognito|Azure AD|Entra ID|Active Directory|Google Sign-In|(?:central |external )?IAM server|identity provider|single sign-on|SSO|LDAP server",
    "storage": "Amazon S3|AWS S3|S3|MinIO|Google Cloud Storage|Azure Blob Storage|Dropbox|object storage|Cloudinary|cloud-based storage system|CDN",
    "maps": "Google Maps|Mapbox|OpenStreetMap|geocoding (?:service|API)",
    "calendar": "Google Calendar|Outlook Calendar|Microsoft 365|Office 365|CalDAV",
    "business": "Salesforce|HubSpot|SAP|Zendesk|Jira|QuickBooks|Xero|Shopify|ERP(?: system)?|CRM(?: system)?|accounting (?:system|software)|warehouse management system|electronic health records? system|EHR(?: system)?",
    "logistics": "DHL|UPS|FedEx|shipping (?:provider|carrier|API)|courier service",
    "model": "OpenAI|ChatGPT|Anthropic|Claude API|Hugging Face|Gemini API",
    "machine": "third-party (?:API|system|provider)s?|external (?:API|system)s?",
}  # fmt: skip

REGULATIONS: dict[str, str] = {
    "GDPR": r"GDPR|General Data Protection Regulation|DSGVO",
    "HIPAA": r"HIPAA",
    "PCI DSS": r"PCI[- ]?DSS|PCI(?: compliance| compliant|-compliant)",
    "CCPA": r"CCPA|CPRA|California Consumer Privacy Act",
    "SOC 2": r"SOC ?2",
    "ISO 27001": r"ISO(?:/IEC)? ?27001",
    "SOX": r"\bSOX\b|Sarbanes[- ]Oxley",
    "FERPA": r"FERPA",
    "COPPA": r"COPPA",
    "PSD2": r"PSD2",
    "NIS2": r"NIS ?2",
    "DORA": r"Digital Operational Resilience Act",
    "EU AI Act": r"AI Act",
    "LGPD": r"LGPD",
    "PIPEDA": r"PIPEDA",
    "PIPA": r"\bPIPA\b|개인정보 ?보호법",
    "APPI": r"\bAPPI\b",
    "ePrivacy": r"ePrivacy",
    "WCAG": r"WCAG",
    "FedRAMP": r"FedRAMP",
    "AML/KYC": r"\bAML\b|\bKYC\b|anti-money[- ]laundering|know your customer",
    "eIDAS": r"eIDAS",
}

PERSONAL: tuple[tuple[str, str, str, str], ...] = (
    ("email address", "contact", "ordinary", r"e-?mails?(?: addresses| address)?|mails?(?=/|,| address)"),
    ("telephone number", "contact", "ordinary", r"(?:tele)?phone(?: numbers?)?|mobile numbers?|sms numbers?"),
    (
        "postal address",
        "contact",
        "ordinary",
        r"(?:postal|home|shipping|delivery|billing|street|mailing) address(?:es)?|zip codes?|postcodes?",
    ),
    ("contact details", "contact", "ordinary", r"contact (?:details|information|data)"),
    (
        "name",
        "identity",
        "ordinary",
        r"(?:first|last|full|family|given|sur)[- _]?names?|user'?s? names?|names?(?=,? (?:and )?(?:e-?mail|phone|address))|(?:person|patient|customer|student|employee|attendee|resource|subscriber|guest|member)(?:'s|s')? names?",
    ),
    ("user name", "identity", "ordinary", r"user ?names?"),
    ("date of birth", "identity", "ordinary", r"dates? of birth|birth ?dates?|birthdays?|dob"),
    ("age", "identity", "ordinary", r"(?<![\w-])ages?(?![\w-])"),
    ("gender", "identity", "ordinary", r"gender"),
    (
        "photograph",
        "identity",
        "ordinary",
        r"profile (?:photos?|pictures?|images?)|avatars?|photos? of (?:the )?(?:person|user|patient)s?",
    ),
    (
        "national identity number",
        "government id",
        "confidential",
        r"passport(?: numbers?)?|social security(?: numbers?)?|ssn|national id(?:entity)?(?: numbers?)?|driver'?s licen[cs]e|tax id|주민등록번호",
    ),
    ("password", "credential", "confidential", r"passwords?|passphrases?|pins?(?= code)"),
    ("secret", "credential", "confidential", r"(?:string |stored |user )?secrets?|api keys?|private keys?"),
    (
        "access token",
        "credential",
        "confidential",
        r"(?:access|refresh|auth(?:entication)?|jwt|bearer|requestor's) tokens?|JWT",
    ),
    (
        "payment card data",
        "payment",
        "confidential",
        r"(?:credit|debit|payment|bank)[- ]cards?(?: (?:numbers?|details|data))?|card (?:numbers?|details|data)|cvv|cvc",
    ),
    ("bank account", "payment", "confidential", r"bank accounts?(?: numbers?)?|ibans?|account numbers?"),
    ("salary", "financial", "confidential", r"salar(?:y|ies)|wages?|payroll|incomes?"),
    (
        "order and payment history",
        "financial",
        "ordinary",
        r"(?:order|purchase|payment|transaction) histor(?:y|ies)|invoices?",
    ),
    (
        "location",
        "location",
        "confidential",
        r"(?:gps|geo)[- ]?(?:location|coordinates)s?|geolocation|location stamps?|(?:user|current|live|driver)'?s? locations?|latitude|longitude",
    ),
    (
        "IP address",
        "online identifier",
        "ordinary",
        r"ip[- ]address(?:es)?|device (?:id|identifier)s?|cookies?|user agents?",
    ),
    ("attendance", "behaviour", "ordinary", r"attendance|check-?ins?"),
    ("working hours", "behaviour", "ordinary", r"working hours|work ?days"),
    (
        "messages written",
        "communication",
        "ordinary",
        r"(?:user|private|direct|chat|posted|forum) messages?|post and read messages|chat histor(?:y|ies)",
    ),
    (
        "health data",
        "health",
        "special",
        r"patients?|diagnos[ie]s|prescriptions?|medical (?:records?|histor\w+|data|conditions?|monitoring)|health (?:records?|data|information)|allerg(?:y|ies)|symptoms?|medications?|treatments?|lab results?|blood (?:type|pressure)",
    ),
    (
        "biometric data",
        "biometric",
        "special",
        r"biometrics?|fingerprints?|face recognition|facial recognition|iris scans?|voice prints?",
    ),
    ("ethnic origin", "ethnic origin", "special", r"ethnicity|ethnic origin|racial origin"),
    (
        "religious belief",
        "belief",
        "special",
        r"religio(?:n|us)(?: beliefs?)?|political opinions?|trade union membership",
    ),
    ("sexual orientation", "sex life", "special", r"sexual orientation"),
    ("genetic data", "genetic", "special", r"genetic data|\bdna\b"),
    ("criminal record", "criminal", "confidential", r"criminal (?:records?|convictions?)|background checks?"),
    (
        "children's data",
        "children",
        "confidential",
        r"(?:minors|children)(?:'s)? (?:data|information|accounts?)|parental consent",
    ),
    ("grades", "education", "ordinary", r"(?:student|exam|final)s? (?:grades?|marks?|results?)|transcripts?|gpa"),
    (
        "benefit payments",
        "social protection",
        "confidential",
        r"beneficiar(?:y|ies)|cash transfers?|social welfare|incentives",
    ),
)
"""Element, category, sensitivity (GDPR Art. 9 is special) and the words that name it."""

FIELD_PERSONAL: tuple[tuple[str, str], ...] = (
    (r"e?mail|phone|mobile|sms_number|contact", "contact"),
    (r"^(?:shipping_|billing_|home_|postal_|street_)?address$|postcode|zip", "contact"),
    (r"password|secret|token|pin_code|api_key|passphrase", "credential"),
    (r"^(?:first|last|full|family|given|user|sur)_?name$|birth|^dob$|^age$|gender|avatar|nationality", "identity"),
    (r"passport|ssn|social_security|national_id|tax_id|insurance_(?:number|id)", "government id"),
    (r"card_number|cvv|cvc|iban|bank_account|account_number", "payment"),
    (r"salary|income|wage", "financial"),
    (r"latitude|longitude|location_stamp|gps|geolocation", "location"),
    (r"ip_address|device_id|user_agent", "online identifier"),
    (r"diagnosis|allerg|symptom|medication|blood_|medical|prescription|health", "health"),
    (r"ethnic|religio|fingerprint|biometric|genetic|sexual", "special"),
    (r"attendance", "behaviour"),
)
"""Category of personal data by the shape of a field's snake_case name."""

THINGS: dict[str, str] = {
    "animal": "animal pet dog cat horse pony cow cattle bull calf sheep goat lamb pig sow poultry chicken hen bird parrot rabbit hamster reptile snake turtle fish livestock herd flock "
    "puppy kitten foal mare stallion mammal insect bee hive colony breed species specimen wildlife",
    "vehicle": "vehicle car truck lorry van bus tram train locomotive ship boat vessel ferry bike bicycle scooter motorcycle aircraft plane drone trailer wagon tractor ambulance fleet",
    "device": "device sensor meter machine pump turbine elevator lift robot printer router server gateway camera controller battery charger terminal appliance instrument tool part component "
    "engine motor equipment asset lamp bin container station",
    "building": "building house apartment flat room hall site warehouse store shop school venue bridge tunnel property plot parcel field garden tree plant crop vineyard",
}  # fmt: skip
"""Nouns for what is no person, by kind: what is known about them is no personal data by itself."""

PEOPLE = frozenset(
    [
        "user",
        "customer",
        "patient",
        "doctor",
        "person",
        "people",
        "student",
        "teacher",
        "employee",
        "member",
        "guest",
        "subscriber",
        "client",
        "attendee",
        "contact",
        "driver",
        "resource",
        "author",
        "tenant",
        "applicant",
        "candidate",
        "participant",
        "organizer",
        "nurse",
        "visitor",
        "donor",
        "beneficiary",
        "child",
        "parent",
    ]
)
"""Entities that stand for people: their plain ``name`` is personal."""
