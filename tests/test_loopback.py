"""The Messages API that ships with the package: it follows its script, and ends by itself."""

import http.client
import json
import threading
import time

import pytest

from planning_kit.loopback import HOSTILE, Asked, Loopback, asked

from .patience import until

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
    shared = [{"type": "text", "text": "x" * 8000, "cache_control": {"type": "ephemeral"}}]
    with Loopback() as server:
        first, second, other = (
            json.loads(post(server, body(own, system=system))[2])["usage"]
            for own, system in (("one", shared), ("another", shared), ("one", [{**shared[0], "text": "y" * 8000}]))
        )
    assert first["cache_creation_input_tokens"] == second["cache_read_input_tokens"] == 2000
    assert (first["cache_read_input_tokens"], second["cache_creation_input_tokens"]) == (0, 0)
    assert other["cache_creation_input_tokens"] == 2000


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
    until(lambda: server.open == 0)
    assert server.at_once == 3


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


def test_an_answer_keeps_its_pace_in_small_pieces_and_the_time_to_its_first_word():
    words = "word " * 40
    with Loopback(lambda _: words, first=0.05, pace=500) as server:
        began = time.monotonic()
        _, _, stream = post(server, body(stream=True))
        assert time.monotonic() - began >= 0.05 + len(words) / 4 / 500
        began = time.monotonic()
        post(server, body())
        assert time.monotonic() - began >= 0.05 + len(words) // 4 / 500
    pieces = [event for event in events(stream) if event["type"] == "content_block_delta"]
    assert (len(pieces), text_of(stream)) == (10, words)


def test_a_silence_can_come_before_the_headers_and_end_before_a_byte():
    with Loopback(script=["drop_before", "slow_headers:0.05", "slow_headers"]) as server:
        with pytest.raises(http.client.RemoteDisconnected):
            post(server, body())
        began = time.monotonic()
        assert post(server, body())[0] == 200
        assert time.monotonic() - began >= 0.05
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=0.2)
        connection.request("POST", "/v1/messages", json.dumps(body()), {"x-api-key": "k"})
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()
    assert len(server.billed) == 1


def test_an_error_in_a_stream_is_of_the_type_that_is_asked_for():
    with Loopback(script=["sse_error", "sse_error:invalid_request_error"]) as server:
        errors = [events(post(server, body(stream=True))[2])[-1]["error"] for _ in range(2)]
    assert [error["type"] for error in errors] == ["overloaded_error", "invalid_request_error"]


def test_a_stream_can_end_without_closing_its_block_or_naming_a_reason():
    with Loopback(script=["open_block", "no_stop"]) as server:
        unclosed, unnamed = (events(post(server, body(stream=True))[2]) for _ in range(2))
    kinds = [event["type"] for event in unclosed]
    assert "content_block_stop" not in kinds and kinds[-1] == "message_stop"
    assert unnamed[-2]["delta"]["stop_reason"] is None and unnamed[-1]["type"] == "message_stop"
    assert "content_block_stop" in [event["type"] for event in unnamed]


def test_a_scenario_there_is_not_is_refused():
    for wrong in ("okay", "status", "status:teapot", "slow_headers:long"):
        with pytest.raises(ValueError, match=f"no such scenario: {wrong}"):
            Loopback(script=[wrong])
    with Loopback(script=lambda _, number: "okay") as server:
        assert post(server, body())[0] == 500


def test_what_makes_no_sense_inside_a_request_is_refused_and_ends_nothing():
    with Loopback() as server:
        for wrong in ({"tools": ["x"]}, {"output_config": "x"}, {"messages": [{"content": 1}]}, {"system": 7}):
            assert post(server, {**body(), **wrong})[0] == 400, wrong
        assert post(server, body())[0] == 200


def test_a_stream_has_begun_before_its_words_are_written():
    second = threading.Event()

    def write(wanted: dict[str, object]) -> str:
        assert second.wait(timeout=20)
        return "# Late"

    with Loopback(write) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
        connection.request("POST", "/v1/messages", json.dumps(body(stream=True)), {"x-api-key": "k"})
        answer = connection.getresponse()
        assert answer.readline() == b"event: message_start\n"
        assert [entry.ended for entry in server.billed] == ["open"]
        second.set()
        assert text_of(answer.read().decode()) == "# Late"
        connection.close()
        assert [entry.ended for entry in server.billed] == ["whole"]
