"""What a codebase does without being asked over HTTP: the messages it takes and sends, its tasks and its timetable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .source import Source

_ARG = r"[\"'`][^\"'`\n]{1,120}[\"'`]|[A-Za-z_][\w.]{1,80}"
_EACH = re.compile(r"\"[^\"\n]*+\"|'[^'\n]*+'|`[^`\n]*+`|([A-Za-z_][\w.]*)")
_LIST = rf"\[[^\]]{{1,300}}\]|\{{[^}}]{{1,300}}\}}|{_ARG}"
_SCRIPT = ("js", "ts", "mjs", "cjs", "mts")
_JVM = ("java", "kt")


def _row(
    suffixes: tuple[str, ...], word: str, needs: str, what: str, pattern: str
) -> tuple[tuple[str, ...], str, str, str, re.Pattern[str]]:
    return suffixes, word, needs, what, re.compile(pattern)


_NAMED = (
    _row(_SCRIPT, "Pattern(", "", "consumes", rf"@(?:Event|Message)Pattern\(\s*(?:\{{[^}}]{{0,100}}?:\s*)?({_ARG})"),
    _row(_SCRIPT, "subscribe(", "afka", "consumes", rf"\.subscribe\(\s*\{{[^}}]{{0,200}}?\btopics?\s*:\s*({_LIST})"),
    _row(_SCRIPT, "send(", "afka", "produces", rf"\.send(?:Batch)?\(\s*\{{[^}}]{{0,200}}?\btopic\s*:\s*({_ARG})"),
    _row(_SCRIPT, "Processor(", "ull", "consumes queue", rf"@Processor\(\s*(?:\{{[^}}]{{0,100}}?name\s*:\s*)?({_ARG})"),
    _row(_SCRIPT, "new Worker(", "bullmq", "consumes queue", rf"\bnew Worker\s*(?:<[^()\n]{{0,80}}>)?\(\s*({_ARG})"),
    _row(_SCRIPT, "new Queue(", "ull", "produces queue", rf"\bnew Queue\s*(?:<[^()\n]{{0,80}}>)?\(\s*({_ARG})"),
    _row(_SCRIPT, ".consume(", "amqp", "consumes queue", rf"\.consume\(\s*({_ARG})"),
    _row(_SCRIPT, "sendToQueue(", "", "produces queue", rf"\.sendToQueue\(\s*({_ARG})"),
    _row(_SCRIPT, "RabbitSubscribe(", "", "consumes", rf"@RabbitSubscribe\(\s*\{{[^}}]{{0,200}}?\b(?:routingKey|queue)\s*:\s*({_ARG})"),
    _row(_SCRIPT, "@Cron(", "", "schedule", rf"@Cron\(\s*({_ARG})"),
    _row(_JVM, "KafkaListener", "", "consumes", rf"@KafkaListener\([^)]{{0,200}}?\btopics\s*=\s*({_LIST})"),
    _row(_JVM, "RabbitListener", "", "consumes queue", rf"@RabbitListener\([^)]{{0,200}}?\bqueues\s*=\s*({_LIST})"),
    _row(_JVM, "SqsListener", "", "consumes queue", rf"@SqsListener\(\s*(?:(?:value|queueNames)\s*=\s*)?({_LIST})"),
    _row(_JVM, "JmsListener", "", "consumes queue", rf"@JmsListener\([^)]{{0,200}}?\bdestination\s*=\s*({_ARG})"),
    _row(_JVM, "@Incoming", "", "consumes", rf"@Incoming\(\s*({_ARG})"), _row(_JVM, "@Outgoing", "", "produces", rf"@Outgoing\(\s*({_ARG})"),
    _row(_JVM, "afkaTemplate", "", "produces", rf"\b\w*[kK]afkaTemplate\s*\.\s*send\(\s*({_ARG})"),
    _row(_JVM, "convertAndSend", "", "produces", rf"\.convertAndSend\(\s*({_ARG})"),
    _row(_JVM, "@Scheduled", "", "schedule", r"@Scheduled\(\s*(?:cron\s*=\s*)?(\"[^\"\n]{1,60}\")"),
    _row(("py",), "KafkaConsumer(", "", "consumes", rf"\b(?:AIO)?KafkaConsumer\(\s*({_ARG})\s*[,)]"),
    _row(("py",), ".subscribe(", "afka", "consumes", r"\.subscribe\(\s*(?:topics\s*=\s*)?(\[[^\]]{1,300}\])"),
    _row(("py",), ".subscriber(", "faststream", "consumes", rf"@\w+\.subscriber\(\s*({_ARG})"),
    _row(("py",), ".agent(", "faust", "consumes", rf"@\w+\.agent\(\s*({_ARG})"),
    _row(("py",), "basic_consume(", "", "consumes queue", rf"\.basic_consume\(\s*(?:queue\s*=\s*)?({_ARG})"),
    _row(("py",), "basic_publish(", "", "produces", rf"\.basic_publish\([^)]{{0,200}}?\brouting_key\s*=\s*({_ARG})"),
    _row(("py",), ".produce(", "afka", "produces", rf"\.produce\(\s*({_ARG})"),
    _row(("py",), ".send", "afka", "produces", rf"\bproducer\.send(?:_and_wait)?\(\s*({_ARG})"),
    _row(("go",), "ReaderConfig{", "", "consumes", rf"\bReaderConfig\{{[^}}]{{0,300}}?\bTopic:\s*({_ARG})"),
    _row(("go",), "Writer", "kafka", "produces", rf"\bkafka\.Writer(?:Config)?\{{[^}}]{{0,300}}?\bTopic:\s*({_ARG})"),
    _row(("go",), "SubscribeTopics(", "", "consumes", r"\.SubscribeTopics\(\s*\[\]string(\{[^}]{1,200}\})"),
    _row(("go",), "Subscribe(", "nats", "consumes", rf"\.(?:Queue)?Subscribe\(\s*({_ARG})"), _row(("go",), ".Publish(", "nats", "produces", rf"\.Publish\(\s*({_ARG})\s*,"),
    _row(("go",), ".Consume(", "amqp", "consumes queue", rf"\.Consume\(\s*({_ARG})"), _row(("go",), "HandleFunc(", "asynq", "task", rf"\.HandleFunc\(\s*({_ARG})"),
    _row(("rs",), ".subscribe(", "rdkafka", "consumes", r"\.subscribe\(\s*&(\[[^\]]{1,200}\])"), _row(("rs",), "Record::to(", "rdkafka", "produces", rf"\b(?:Future|Base)Record::to\(\s*&?({_ARG})"),
    _row(("cs",), "IConsumer<", "MassTransit", "consumes", r"\bIConsumer<(\w+)>"),
    _row(("cs",), "BackgroundService", "", "background service", r"\bclass\s+(\w+)[^{;]{0,200}?:\s*BackgroundService\b"),
    _row(("rb",), "Sidekiq::", "", "job", r"class\s+([\w:]+)[^\n]*\n(?:[^\n]*\n){0,3}?\s*include Sidekiq::(?:Job|Worker)\b"),
    _row(("rb",), "ApplicationJob", "", "job", r"class\s+([\w:]+)\s*<\s*ApplicationJob\b"), _row(("rb",), "topic", "arafka", "consumes", r"\btopic\s+[:\"'](\w[\w.-]*)"),
    _row(("php",), "ShouldQueue", "", "job", r"class\s+(\w+)[^{]{0,200}?\bimplements\s+[^{]{0,100}?\bShouldQueue\b"),
)  # fmt: skip
"""File suffixes, a word that must be there, a library's word, what it is, and the pattern that names it."""
_TASK = re.compile(
    r"(?m)^[ \t]*@(?:(\w+)\.)?(shared_task|task|periodic_task|actor)\b(?:\([^\n]{0,300}\))?[ \t]*\n(?:[ \t]*@[^\n]{0,200}\n){0,4}[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)"
)
_BEAT = re.compile(r"\b(?:CELERY_BEAT_SCHEDULE|CELERYBEAT_SCHEDULE|beat_schedule)\b[^=\n]{0,60}=\s*(?:dict\()?(\{)")
_ENTRY = re.compile(r"[\"']([\w. -]{1,80})[\"']\s*:\s*(\{)")
_CALLED = re.compile(r"[\"']task[\"']\s*:\s*[\"']([\w.]{1,120})[\"']")
_WHEN = re.compile(r"[\"']schedule[\"']\s*:\s*([^\n]{1,80})")
_CONSTANT = r"\b{}\b\s*(?::[^=\n]{{1,60}})?=\s*(?:Symbol\()?[\"'`]([^\"'`\n]{{1,120}})[\"'`]|\b{}\s*:\s*[\"'`]([^\"'`\n]{{1,120}})[\"'`]"
_PLAIN = ("task", "job", "schedule", "background service", "consumes queue", "produces queue")
_MOST = 12
"""Most names of one kind that one file says."""


def messages(source: Source, sources: Mapping[str, Source]) -> Iterator[tuple[str, int]]:
    """What the file takes, sends and does by itself, each with its line; ``sources`` know what its constants stand for."""
    for suffixes, word, needs, what, pattern in _NAMED:
        if source.suffix in suffixes and word in source.text and needs in source.text:
            for found in list(pattern.finditer(source.code))[:_MOST]:
                for name in _names(found.group(1), source, sources):
                    kind = what if what in _PLAIN else f"{what} topic" if source.suffix != "cs" else what
                    yield f"{kind} {name}", source.line(found.start(1))
    if source.suffix == "py":
        yield from _celery(source)


def _celery(source: Source) -> Iterator[tuple[str, int]]:
    """Tasks of Celery, Dramatiq and Huey, and Celery's timetable."""
    module = source.path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/").replace("/", ".")
    if "task" in source.text or "actor" in source.text:
        for found in _TASK.finditer(source.text):
            if found.group(1) or found.group(2) == "shared_task":
                yield f"task {module}.{found.group(3)}", source.line(found.start(3))
    for found in list(_BEAT.finditer(source.text))[:3] if "beat" in source.text.lower() else ():
        for named in _ENTRY.finditer(source.text, found.end(), source.end(found.start(1))):
            body = source.text[named.end() : named.end() + 400]
            if called := _CALLED.search(body):
                when = _WHEN.search(body)
                told = when.group(1).split("}")[0].strip(" ,") if when else ""
                yield (
                    f"schedule {named.group(1)}: {called.group(1)}{f', {told}' if told else ''}",
                    source.line(named.start()),
                )


def _names(written: str, source: Source, sources: Mapping[str, Source]) -> Iterator[str]:
    """The names in an argument: strings as they stand, constants with what they stand for."""
    for found in list(_EACH.finditer(written))[:_MOST]:
        name = found.group(1)
        if not name:
            yield found.group()[1:-1]
        else:
            value = _constant(name.rpartition(".")[2], source, sources)
            yield f"{value} ({name})" if value else name


def _constant(name: str, source: Source, sources: Mapping[str, Source]) -> str:
    """What a constant stands for: in the same file, else in the first other that says so."""
    if len(name) < 3:
        return ""
    pattern = re.compile(_CONSTANT.format(name, name))
    for each in (source, *sources.values()):
        if (
            name in each.text
            and (each.suffix == source.suffix or each is source)
            and (found := pattern.search(each.code))
        ):
            return found.group(1) or found.group(2)
    return ""
