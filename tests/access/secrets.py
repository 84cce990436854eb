"""Samples of secrets, put together from pieces so that no scanner takes this file for a leak."""

import base64
import json

_HEX = "0123456789abcdef"
_MIXED = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA"


def mixed(size: int) -> str:
    """Letters and digits of both cases."""
    return (_MIXED * (size // len(_MIXED) + 1))[:size]


def digits(size: int) -> str:
    """Hexadecimal digits."""
    return (_HEX * (size // len(_HEX) + 1))[:size]


def _jwt() -> str:
    def part(value: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return ".".join((part({"alg": "HS256", "typ": "JWT"}), part({"sub": "1234567890"}), mixed(43)))


def _block(kind: str) -> str:
    return f"-----BEGIN {kind}-----\n{mixed(64)}\n{mixed(64)}\n-----END {kind}-----"


_FORMS: dict[str, tuple[str, ...]] = {
    "slack bot token": ("xoxb", "-", "123456789012-", mixed(24)),
    "slack user token": ("xoxp", "-", "123456789012-", mixed(32)),
    "slack app token": ("xapp", "-1-", "A012345678-", mixed(40)),
    "slack configuration token": ("xoxe", ".xoxp", "-1-", mixed(60)),
    "slack webhook": ("https://hooks.slack.com/", "services/", "T01234567/B01234567/", mixed(24)),
    "github token": ("ghp", "_", mixed(36)),
    "github app token": ("ghs", "_", mixed(36)),
    "github fine-grained token": ("github", "_pat_", mixed(22), "_", mixed(59)),
    "gitlab token": ("glpat", "-", mixed(20)),
    "gitlab runner token": ("glrt", "-", mixed(20)),
    "aws key id": (
        "AKIA",
        "IOSFODNN7EXAMPLE"[:16].replace("1", "2").replace("0", "3").replace("8", "4").replace("9", "5"),
    ),
    "aws session key id": ("ASIA", "Z2345672ABCDEFGH"),
    "google api key": ("AIza", mixed(35)),
    "google access token": ("ya29", ".", mixed(60)),
    "google client secret": ("GOCSPX", "-", mixed(28)),
    "google refresh token": ("1//", "0", mixed(60)),
    "azure client secret": ("abc", "8Q", "~", mixed(34)),
    "stripe live key": ("sk", "_live_", mixed(24)),
    "stripe restricted key": ("rk", "_test_", mixed(24)),
    "stripe webhook secret": ("whsec", "_", mixed(32)),
    "jwt": (_jwt(),),
    "mapbox secret token": ("sk", ".eyJ", mixed(60), ".", mixed(22)),
    "grafana service account token": ("glsa", "_", mixed(32), "_", digits(8)),
    "grafana cloud token": ("glc", "_", mixed(60)),
    "npm token": ("npm", "_", mixed(36)),
    "pypi token": ("pypi", "-AgEIcHlwaS5vcmc", mixed(60)),
    "rubygems key": ("rubygems", "_", digits(48)),
    "docker hub token": ("dckr", "_pat_", mixed(27)),
    "sendgrid key": ("SG", ".", mixed(22), ".", mixed(43)),
    "mailgun key": ("key", "-", digits(32)),
    "mailchimp key": (digits(32), "-us", "12"),
    "twilio key": ("SK", digits(32)),
    "resend key": ("re", "_", mixed(8), "_", mixed(24)),
    "openai key": ("sk", "-proj-", mixed(48)),
    "anthropic key": ("sk", "-ant-", "api03-", mixed(60)),
    "hugging face token": ("hf", "_", "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"),
    "discord bot token": ("M", mixed(23), ".", "abcdef", ".", mixed(38)),
    "discord webhook": ("https://discord.com", "/api/webhooks/", "123456789012345678/", mixed(60)),
    "telegram bot token": ("1234567890", ":AA", mixed(33)),
    "shopify token": ("shpat", "_", digits(32)),
    "square token": ("sq0atp", "-", mixed(22)),
    "paypal token": ("access_token", "$production$", "abcdefghij123456", "$", digits(32)),
    "digitalocean token": ("dop", "_v1_", digits(64)),
    "heroku key": ("HRKU", "-", mixed(36)),
    "fly token": ("fo1", "_", mixed(43)),
    "netlify token": ("nfp", "_", mixed(36)),
    "linear key": ("lin", "_api_", mixed(40)),
    "notion token": ("ntn", "_", mixed(46)),
    "figma token": ("figd", "_", mixed(40)),
    "atlassian token": ("ATATT3", "xFfGF0", mixed(60)),
    "airtable token": ("pat", mixed(14), ".", digits(64)),
    "new relic key": ("NRAK", "-", mixed(27)),
    "sentry token": ("sntrys", "_", mixed(60)),
    "vault token": ("hvs", ".", mixed(90)),
    "terraform cloud token": (mixed(14), ".atlasv1.", mixed(60)),
    "doppler token": ("dp", ".pt.", mixed(43)),
    "databricks token": ("dapi", digits(32)),
    "planetscale password": ("pscale", "_pw_", mixed(43)),
    "supabase token": ("sbp", "_", digits(40)),
    "pulumi token": ("pul", "-", digits(40)),
    "age key": ("AGE", "-SECRET-KEY-1", ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 2)[:58]),
    "bcrypt hash": ("$2b", "$12$", mixed(53)),
    "unix password hash": ("$6", "$", "saltsalt", "$", mixed(86)),
    "argon2 hash": ("$argon2id", "$v=19$m=65536,t=3,p=4$", mixed(22), "$", mixed(43)),
    "postgres password verifier": ("SCRAM-SHA-256", "$4096:", mixed(24), "$", mixed(44), ":", mixed(44)),
    "postgres md5 verifier": ("md5", digits(32)),
    "rsa private key": (_block("RSA PRIVATE" + " KEY"),),
    "openssh private key": (_block("OPENSSH PRIVATE" + " KEY"),),
    "encrypted private key": (_block("ENCRYPTED PRIVATE" + " KEY"),),
    "pgp private key": (_block("PGP PRIVATE" + " KEY BLOCK"),),
    "private key cut off": (_block("EC PRIVATE" + " KEY")[:90],),
    "private key in base64": (base64.b64encode(_block("PRIVATE" + " KEY").encode()).decode(),),
}

TOKENS: dict[str, str] = {kind: "".join(pieces) for kind, pieces in _FORMS.items()}
"""Each is a secret as a whole, wherever it stands."""

WORD = "hunter2-Zx9"

PLACES: dict[str, str] = {
    "variable of a container": f'{{"name":"DB_PASSWORD","value":"{WORD}"}}',
    "variable of a container on lines": f'{{\n  "name": "API_TOKEN",\n  "value": "{WORD}"\n}}',
    "variable of a container, value first": f'{{"value": "{WORD}", "name": "CLIENT_SECRET"}}',
    "variable of a container in YAML": f"      - name: DB_PASSWORD\n        value: {WORD}\n",
    "variable of a container in JSON in JSON": f'"{{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"{WORD}\\"}}"',
    "database login with a slash": f"postgres://app:p@ss/{WORD}@db:5432/shop",
    "database login with a hash": f"mysql+pymysql://app:p#{WORD}?@db/shop",
    "text in text in text": f'"{{\\\\\\"password\\\\\\":\\\\\\"{WORD}\\\\\\"}}"',
    "block of YAML": f"db:\n  password: |\n    {WORD}\n  user: app\n",
    "folded block of YAML": f"secret: >-\n  first line\n  {WORD}\n",
    "key in a variable": f"SENDGRID_KEY={WORD}-and-more-1234",
    "key in a variable of YAML": f"JWT_KEY: {WORD}-and-more-1234",
    "pass in a variable": f"DB_PASS={WORD}",
    "salt in a variable": f"APP_SALT: '{WORD}'",
    "end of a private key": f"{mixed(64)}\n{WORD.replace('-', '')}{mixed(20)}\n-----END RSA PRIVATE KEY-----",
    "encoded parameter": f"https://h.example/login?next=%2Fx%3Ftoken%3D{WORD}",
    "bytes": f"{{'password': b'{WORD}'}}",
    "element": f"<db:password>{WORD}</db:password>",
    "row of a table": f" smtp_password | {WORD}",
    "pair": f'["password", "{WORD}"]',
    "sentence": f"the password is '{WORD}'",
    "header in a list": f'{{"Authorization":["Basic {WORD}=="]}}',
    "header in a map": f"map[Authorization:[Bearer {WORD}]]",
    "wide colon": f"password：{WORD}",
    "password assignment": f"password={WORD}",
    "shell variable": f"export PGPASSWORD={WORD}",
    "environment of a container": f"REDIS_PASSWORD: {WORD}",
    "plain word in yaml": "  db-password: correcthorsehunter2-Zx9",
    "json": f'{{"user": "app", "password": "{WORD}"}}',
    "json in json": f'{{"body": "{{\\"client_secret\\":\\"{WORD}\\"}}"}}',
    "python dict": f"{{'api_key': '{WORD}'}}",
    "ruby hash": f":secret_key => '{WORD}'",
    "ini file": f"secret = {WORD}",
    "aws credentials file": f"aws_secret_access_key = {WORD}",
    "libpq words": f"host=db user=app password={WORD} dbname=x",
    "ado connection string": f"Server=db;Database=x;User Id=app;Password={WORD};",
    "azure storage": f"AccountName=x;AccountKey={WORD}==;EndpointSuffix=core.windows.net",
    "postgres address": f"postgres://app:{WORD}@db.internal:5432/shop",
    "redis address": f"redis://:{WORD}@cache:6379/0",
    "amqp address": f"amqp://guest:{WORD}@queue/vhost",
    "mongodb address": f"mongodb+srv://app:{WORD}@cluster0.example.net/?retryWrites=true",
    "https login": f"https://deploy:{WORD}@git.example.com/shop.git",
    "sentry dsn": f"https://{digits(21)}{WORD}@o1.ingest.example.io/2",
    "token in a query": f"https://api.example.com/x?access_token={WORD}&page=2",
    "signature in a query": f"https://bucket.example.com/f?X-Amz-Date=2024&X-Amz-Signature={WORD}",
    "map key in a query": f"https://maps.example.com/js?v=3&key={WORD}",
    "bearer header": f"Authorization: Bearer {WORD}",
    "basic header": f"authorization: Basic {WORD}==",
    "token header": f"-H 'Authorization: Token {WORD}'",
    "bare authorization": f"Authorization: {WORD}",
    "bearer in prose": f"sent with Bearer {WORD}-abc and refused",
    "api key header": f"X-API-Key: {WORD}",
    "private token header": f"PRIVATE-TOKEN: {WORD}",
    "cookie": f"Cookie: sid={WORD}; theme=dark",
    "set-cookie": f"Set-Cookie: session={WORD}; HttpOnly",
    "curl user": f"curl -u admin:{WORD} https://x.example.com",
    "long option": f"tool --password {WORD} --verbose",
    "long option with sign": f"tool --api-key={WORD}",
    "redis-cli password": f"redis-cli -h cache -a {WORD} ping",
    "sshpass": f"sshpass -p {WORD} ssh app",
    "mysql password": f"mysql -u root -p{WORD} shop",
    "sql password": f"ALTER ROLE app WITH PASSWORD '{WORD}'",
    "sql identified by": f"CREATE USER app IDENTIFIED BY '{WORD}'",
    "netrc": f"machine x login app password {WORD}",
    "redis configuration": f"requirepass {WORD}",
    "redis hello": f"HELLO 3 AUTH app {WORD} SETNAME bot",
    "redis hello in a monitor": f'"HELLO" "3" "AUTH" "app" "{WORD}"',
    "redis user": f"ACL SETUSER app on >{WORD} ~orders:* +@read",
    "password on the next line": f"db_password=\n  {WORD}\n",
    "redis monitor": f'1700000000.1 [0 10.0.0.1:1] "AUTH" "{WORD}"',
    "query plan literal": f"Filter: (password = '{WORD}'::text)",
    "docker secret": f"passphrase: '{WORD}'",
    "kubeconfig": f"    client-key-data: {WORD}",
}
"""Each has one secret, which is `WORD`, told by its place."""

_CARD = "4111" + "1111" * 3
PEOPLE: dict[str, str] = {
    "mail address": "anna.example" + "@" + "mail.example.com",
    "mail address with a tag": "bob+ops" + "@" + "example.co.uk",
    "visa": _CARD,
    "visa with spaces": " ".join((_CARD[:4], _CARD[4:8], _CARD[8:12], _CARD[12:])),
    "mastercard with hyphens": "-".join(("5555", "5555", "5555", "4444")),
    "american express": "3782" + "822463" + "10005",
    "telephone": "+43 1 " + "234 5678",
    "telephone in one": "+4366" + "01234567",
    "american telephone": "(555) " + "123-4567",
    "iban": "DE89" + "370400440532013000",
    "iban with spaces": "GB29 NWBK " + "6016 1331 9268 19",
    "social security number": "123-45-" + "6789",
}
