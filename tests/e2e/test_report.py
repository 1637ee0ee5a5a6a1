"""report.html in a real browser: no request, no script, whatever the names in the data say."""

import http.server
import json
import shutil
import subprocess
import threading

import pytest

from tests.tasks.page.conftest import answers, report  # noqa: F401

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # what it asks of its own accord
]


@pytest.fixture
def browse(tmp_path):
    """browse(file): (the document after loading, every address that the page asked for)."""

    def call(path):
        log = tmp_path / "net.json"
        words = [f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}", "--dump-dom"]
        done = subprocess.run(
            [CHROMIUM, *QUIET, *words, path.as_uri()],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        events = json.loads(log.read_text())["events"]
        facts = [event["params"] for event in events if "initiator" in event.get("params", {})]
        asked = {each["url"] for each in facts if each["initiator"] != "not an origin"}
        return done.stdout, asked

    return call


@pytest.fixture
def listener():
    """(the port of a server on this machine, the paths that it was asked for)."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


def attacks(port):
    there = f"http://127.0.0.1:{port}"
    return [
        "<script>document.body.id='hacked'</script>",
        f"<img src={there}/img onerror=\"document.body.id='hacked'\">",
        f'"><link rel=stylesheet href={there}/css>',
        f"</style><style>@import '{there}/import'; body{{background:url({there}/bg)}}</style>",
        f"<iframe src={there}/frame></iframe>",
        "<svg onload=\"document.body.id='hacked'\">",
        f"<meta http-equiv=refresh content='0;url={there}/refresh'>",
    ]


def test_the_listener_hears_a_page_that_is_not_ours(tmp_path, browse, listener):
    port, asked = listener
    path = tmp_path / "bad.html"
    path.write_text("<body>" + "".join(attacks(port)[:2]))
    dom, urls = browse(path)
    assert asked == ["/img"]
    assert "hacked" in dom.split("<script>")[0]
    assert urls == {f"http://127.0.0.1:{port}/img"}


def test_no_request_and_no_script_whatever_the_names_are(
    tmp_path,
    browse,
    listener,
    answers,  # noqa: F811
    report,  # noqa: F811
):
    port, asked = listener
    payloads = attacks(port)
    said = answers(classes=payloads, names=[f"{n}{payloads[n % 7]}" for n in range(80)])
    text, _ = report(said, name=payloads[0], notes=payloads, config="\n".join(payloads))
    path = tmp_path / "report.html"
    path.write_text(text)
    dom, urls = browse(path)
    assert asked == []
    assert "<body>" in dom  # nothing gave it the name "hacked"
    assert "Worst answers" in dom
    assert urls == set()


def test_the_policy_holds_what_escaping_would_have_let_through(
    tmp_path,
    browse,
    listener,
    answers,  # noqa: F811
    report,  # noqa: F811
):
    port, asked = listener
    text, _ = report(answers())
    path = tmp_path / "report.html"
    path.write_text(text.replace("<body>", "<body>" + "".join(attacks(port)[:6])))
    dom, _ = browse(path)
    assert asked == []
    assert 'id="hacked"' not in dom
