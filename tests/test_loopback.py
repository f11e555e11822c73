"""The Messages API that ships with the package: it follows its script, and ends by itself."""

import http.client
import json
import subprocess
import sys
import threading
import urllib.request

import pytest

from planning_kit.loopback import HOSTILE, KEY, Asked, Loopback, asked

OWN = """<seat>api-designer</seat>

You design APIs.

<outline>
## Overview
## Error format
## Key decisions
</outline>"""


def body(text: str = OWN, stream: bool = False, **more: object) -> dict[str, object]:
    content = [{"type": "text", "text": "a brief with <outline>\n## Wrong\n</outline>"}, {"type": "text", "text": text}]
    return {"model": "m", "max_tokens": 9, "stream": stream, "messages": [{"role": "user", "content": content}], **more}


def post(
    server: Loopback, content: object, path: str = "/v1/messages", key: str = "k"
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    try:
        connection.request("POST", path, json.dumps(content), {"authorization": f"Bearer {key}"})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read().decode()
    finally:
        connection.close()


def events(stream: str) -> list[dict[str, object]]:
    return [json.loads(line.removeprefix("data: ")) for line in stream.splitlines() if line.startswith("data: ")]


def text_of(stream: str) -> str:
    return "".join(event["delta"].get("text", "") for event in events(stream) if event["type"] == "content_block_delta")


def test_an_answer_stands_under_the_headings_that_were_asked_for_and_names_its_seat():
    with Loopback() as server:
        status, _, answer = post(server, body())
    message = json.loads(answer)
    assert (status, message["stop_reason"]) == (200, "end_turn")
    assert message["content"][0]["text"] == (
        "# Api designer\n\nThis document was written by the loopback server; no model was asked.\n\n"
        "## Overview\n\nThe api-designer has written 'Overview' here.\n\n"
        "## Error format\n\nThe api-designer has written 'Error format' here.\n\n"
        "## Key decisions\n\nThe api-designer keeps the brief as it stands. Nothing was decided beyond it.\n"
    )


def test_a_revision_says_so():
    wanted = OWN + "\n\n<draft-0123456789abcdef>\n# Old\n</draft-0123456789abcdef>"
    with Loopback() as server:
        assert "was revised by the loopback" in post(server, body(wanted))[2]
    assert asked(body(wanted)) == Asked("api-designer", ("## Overview", "## Error format", "## Key decisions"), True)


def test_a_stream_holds_the_same_text_in_pieces_and_ends_properly():
    with Loopback() as server:
        whole = json.loads(post(server, body())[2])["content"][0]["text"]
        status, headers, stream = post(server, body(stream=True))
    told = events(stream)
    assert (status, headers["content-type"]) == (200, "text/event-stream")
    assert [told[0]["type"], told[-2]["type"], told[-1]["type"]] == ["message_start", "message_delta", "message_stop"]
    assert sum(event["type"] == "content_block_delta" for event in told) > 5
    assert text_of(stream) == whole


def test_requests_are_answered_in_the_order_of_the_script_and_well_after_it():
    script = ["status:429:7", "status:529", "spend_limit", "status:307", "refusal", "max_tokens", "worst"]
    with Loopback(script=script) as server:
        answers = [post(server, body(stream=True)) for _ in range(8)]
    assert [status for status, _, _ in answers] == [429, 529, 429, 307, 200, 200, 200, 200]
    assert answers[0][1]["retry-after"] == "7"
    assert json.loads(answers[2][2])["error"]["details"] == {"error_code": "enforced_spend_limit_reached"}
    assert answers[3][1]["location"] == f"{server.url}/v1/messages"
    stops = [events(stream)[-2]["delta"]["stop_reason"] for _, _, stream in answers[4:]]
    assert stops == ["refusal", "max_tokens", "end_turn", "end_turn"]
    assert text_of(answers[6][2]) == HOSTILE


def test_a_script_may_look_at_the_request():
    with Loopback(script=lambda wanted, number: "refusal" if number else "status:500") as server:
        assert post(server, body())[0] == 500
        assert json.loads(post(server, body())[2])["stop_reason"] == "refusal"


def test_a_stream_can_break_in_every_way():
    with Loopback(script=["eof", "malformed", "sse_error", "drop"]) as server:
        for broken in ("eof", "malformed", "sse_error"):
            assert "message_stop" not in post(server, body(stream=True))[2], broken
        with pytest.raises(ConnectionResetError):
            post(server, body(stream=True))


def test_a_request_that_is_none_is_refused_as_the_api_refuses_it():
    with Loopback() as server:
        assert post(server, body(), path="/v1/v1/messages")[0] == 404
        assert post(server, body(), key="")[0] == 401
        assert post(server, {"model": "m"})[0] == 400
        assert post(server, body(max_tokens=0))[0] == 400
        assert server.requests == []


def test_requests_are_kept_with_their_headers():
    with Loopback() as server:
        post(server, body(), key="secret-key")
    assert server.requests[0].path == "/v1/messages"
    assert server.requests[0].headers["authorization"] == "Bearer secret-key"
    assert server.requests[0].body["model"] == "m"


def test_a_marked_prefix_is_written_once_and_read_from_then_on():
    shared = [{"type": "text", "text": "x" * 4000, "cache_control": {"type": "ephemeral"}}]
    with Loopback() as server:
        first, second, other = (
            json.loads(post(server, body(own, system=system))[2])["usage"]
            for own, system in (("one", shared), ("another", shared), ("one", [{**shared[0], "text": "y" * 4000}]))
        )
    assert first["cache_creation_input_tokens"] == second["cache_read_input_tokens"] > 1000
    assert (first["cache_read_input_tokens"], second["cache_creation_input_tokens"]) == (0, 0)
    assert other["cache_creation_input_tokens"] > 1000


def test_answers_given_at_the_same_time_are_counted():
    together = threading.Barrier(3)

    def write(_: object) -> str:
        together.wait(timeout=20)
        return "# Together"

    with Loopback(write) as server:
        threads = [threading.Thread(target=post, args=(server, body())) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (server.at_once, server.open) == (3, 0)


def test_it_listens_on_this_machine_only():
    with Loopback() as server:
        assert server.url.startswith("http://127.0.0.1:")


def test_it_ends_by_itself_after_its_requests():
    with Loopback(most=2) as server:
        for _ in range(2):
            post(server, body())
        server.wait()
        assert server.ended
        with pytest.raises(ConnectionRefusedError):
            post(server, body())


def test_it_ends_by_itself_when_its_time_is_up_even_while_an_answer_stalls():
    with Loopback(script=["stall"], seconds=0.3) as server:
        assert "message_start" in post(server, body(stream=True))[2]
        server.wait()
        assert server.ended


def test_the_command_prints_what_to_set_and_ends_by_itself(tmp_path):
    file = tmp_path / "reply.md"
    file.write_text("# From the file\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "planning_kit.loopback",
        "--seconds",
        "60",
        "--requests",
        "2",
        "--reply",
        str(file),
    ]
    with subprocess.Popen([*command, "--script", "status:503"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(2)]
        url = lines[0].removeprefix("export ANTHROPIC_BASE_URL=")
        assert lines[1] == f"export ANTHROPIC_API_KEY={KEY}"
        request = urllib.request.Request(f"{url}/v1/messages", json.dumps(body()).encode(), {"x-api-key": KEY})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with pytest.raises(urllib.error.HTTPError) as refused:
            opener.open(request, timeout=10)
        refused.value.close()
        assert refused.value.code == 503
        with opener.open(request, timeout=10) as answer:
            assert json.load(answer)["content"][0]["text"] == "# From the file\n"
        assert process.wait(timeout=20) == 0


def test_the_command_refuses_a_file_that_is_not_there():
    command = [sys.executable, "-m", "planning_kit.loopback", "--reply", "no-such-file.md"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no-such-file.md cannot be read" in done.stderr
