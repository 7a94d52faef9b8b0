// The page of an incident in a real headless Chromium: phone and desktop, full of hostile labels.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "integrations/link.hpp"
#include "support/browser.hpp"
#include "support/hostile_texts.hpp"
#include "support/shared_data.hpp"
#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

const char* const rules = R"(handbook: {title: test, revision: "1"}
groups:
  - name: ingestion
    rules:
      - rule: ingestion-lag
        alert: ['alertname="IngestionLag"']
        per: [alertname]
        unit: seconds
        value: "{{ $annotations.lag_seconds }}"
        summary: "{{ $annotations.summary }}"
        runbook_url: https://runbooks.example/ingestion-lag
        ladder:
          - {when: ">= 30m", severity: critical, cite: "ingestion delays of 30 minutes or longer"}
          - {when: "> 5m", severity: major, cite: ">5 minute ingestion lag"}
)";

std::string json_text(std::string_view text) {
    std::string out;
    integrations::append_json_text(out, text);
    return out;
}

/// The alert at a moment of its life, with a label for each hostile text.
std::string alert_with(const std::string& summary, int lag_seconds) {
    std::string labels = R"("alertname":"IngestionLag","region":"us")";
    int number = 0;
    for (const std::string& text : hostile_texts()) {
        if (!text.empty()) {
            labels += ",\"hostile_" + std::to_string(++number) +
                      "\":" + json_text(truncate(to_valid_utf8(text), 600));
        }
    }
    return webhook_json({alert_json(labels, true,
                                    "\"summary\":" + json_text(summary) + ",\"lag_seconds\":\"" +
                                        std::to_string(lag_seconds) + "\"")});
}

/// A daemon whose links lead to itself, with one incident, INC-1, that has been paged.
struct PagedDaemon {
    TestDaemon daemon{{.rules = rules}};
    std::string link;  // as the pager got it

    bool start(const std::string& summary) {
        write_file(daemon.config(), read_file(daemon.config()) + "public_url: " + daemon.url() +
                                        "\ncall_url: https://call.example/incident\n");
        if (!daemon.start()) return false;
        for (const int lag : {401, 2400, 1180, 120, 950}) {
            if (daemon.post("/api/v1/alertmanager", alert_with(summary, lag)).status != 200) {
                return false;
            }
        }
        const bool paged = eventually([&] { return !daemon.pages_in_file().empty(); });
        if (paged) link = daemon.pages_in_file()[0].text_at("link").value_or("");
        return paged;
    }

    /// The link that this person would have been sent.
    [[nodiscard]] std::string link_for(const std::string& person) const {
        const Secret secret(read_file(daemon.data_dir() / "link.key"));
        return daemon.url() + "/incidents/INC-1?k=" +
               integrations::link_key(secret, 1, {.episode = 1, .person = person});
    }
    [[nodiscard]] std::string in_api(const char* field) const {
        return daemon.json("/api/v1/incidents/INC-1").text_at(field).value_or("(none)");
    }
};

const char* const no_browser = "skipped: Chromium is not installed (apt install chromium)";

double number(Browser& browser, const std::string& script) {
    return browser.value(script).as_number().value_or(-1);
}
std::string text(Browser& browser, const std::string& script) {
    return browser.value(script).as_text().value_or("(none)");
}

/// What holds for the page at any size.
void check_layout(Browser& browser, int width, int buttons) {
    CAPTURE(width);
    CHECK(number(browser, "window.innerWidth") == width);
    CHECK(number(browser, "document.documentElement.scrollWidth") <= width);
    // Everything to be touched is at least 44 px in both directions.
    CHECK(number(browser,
                 "Math.min(...[...document.querySelectorAll('button,a,input,textarea')].map(e => "
                 "Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height)))") >=
          44);
    CHECK(number(browser, "document.querySelectorAll('button').length") == buttons);
    // Nothing sticks out of its card, where it would be cut or cover something.
    CHECK(number(browser,
                 "[...document.querySelectorAll('body *')].filter(e => "
                 "e.getBoundingClientRect().right > window.innerWidth + 1).length") == 0);
    CHECK(number(browser, "document.querySelectorAll('script,img,iframe,link').length") == 0);
}

}  // namespace

TEST_CASE("the link in a page carries a key, which no file of the store holds") {
    PagedDaemon paged;
    REQUIRE_MESSAGE(paged.start("Ingestion is behind"), paged.daemon.log());
    REQUIRE(paged.link.starts_with(paged.daemon.url() + "/incidents/INC-1?k="));
    const std::string path = paged.link.substr(paged.daemon.url().size());
    const std::string key = path.substr(path.find("?k=") + 3);
    for (const auto& file : std::filesystem::directory_iterator(paged.daemon.data_dir())) {
        CAPTURE(file.path().string());
        CHECK(read_file(file.path()).find(key) == std::string::npos);
    }
    CHECK(paged.daemon.log().find(key) == std::string::npos);
    // A link preview: looking does not acknowledge.
    for (int i = 0; i < 3; ++i) CHECK(paged.daemon.get(path).status == 200);
    CHECK(paged.in_api("state") == "triage");
    CHECK(paged.daemon.get(path + "x").status == 403);
}

TEST_CASE(
    "the page stands in a real browser, at phone and desktop size, whatever labels say [H-48] "
    "[H-49]") {
    const auto program = browser_program();
    if (!program) {
        MESSAGE(no_browser);
        return;
    }
    PagedDaemon paged;
    const std::string title = "Event ingestion is 40m behind in us";
    REQUIRE_MESSAGE(paged.start(title), paged.daemon.log());
    const TemporaryFolder folder;
    Browser browser(*program, folder.path());
    REQUIRE_MESSAGE(browser.ready(), read_file(folder.path() / "browser.log"));
    const std::filesystem::path artefacts = build_folder() / "artefacts";

    struct Screen {
        const char* name;
        int width, height;
        bool phone, dark;
    };
    for (const Screen& screen : std::vector<Screen>{{"page-phone", 390, 844, true, false},
                                                    {"page-phone-dark", 390, 844, true, true},
                                                    {"page-small-phone", 320, 568, true, false},
                                                    {"page-desktop", 1280, 800, false, false}}) {
        CAPTURE(screen.name);
        browser.set_size(screen.width, screen.height, screen.phone, screen.dark);
        REQUIRE(browser.open(paged.link_for("engineer-a")));
        check_layout(browser, screen.width, 3);
        CHECK(text(browser, "document.title") == "INC-1 critical: " + title);
        CHECK(text(browser, "document.querySelector('h1').textContent") == title);
        CHECK(browser.screenshot(artefacts / (std::string(screen.name) + ".png"), false));
        CHECK(browser.screenshot(artefacts / (std::string(screen.name) + "-whole.png"), true));
        for (const std::string& complaint : browser.complaints()) FAIL_CHECK(complaint);
    }
    CHECK(text(browser, "getComputedStyle(document.querySelector('button.first')).minHeight") ==
          "48px");  // the policy let our own style sheet in
    CHECK(paged.in_api("state") == "triage");
}

TEST_CASE(
    "in the browser the buttons acknowledge, lead and write, and nothing that was written runs") {
    const auto program = browser_program();
    if (!program) {
        MESSAGE(no_browser);
        return;
    }
    PagedDaemon paged;
    const std::string title = "</title><script>document.title='owned'</script><h1>x";
    REQUIRE_MESSAGE(paged.start(title), paged.daemon.log());
    const TemporaryFolder folder;
    Browser browser(*program, folder.path());
    REQUIRE_MESSAGE(browser.ready(), read_file(folder.path() / "browser.log"));
    browser.set_size(390, 844, true);

    // An announcement's link has no person: it asks for a name, and does nothing without one.
    REQUIRE(browser.open(paged.link));
    CHECK(text(browser, "document.title") == "INC-1 critical: " + title);
    browser.value("document.querySelector('button[value=ack]').click()");
    CHECK(paged.in_api("state") == "triage");
    REQUIRE(
        browser.act("document.querySelector('[name=by]').value = 'engineer-a';"
                    "document.querySelector('button[value=ack]').click()"));
    CHECK(paged.in_api("state") == "active");
    CHECK(paged.in_api("acknowledged_by") == "engineer-a");
    CHECK(text(browser, "location.href") == paged.link);
    CHECK(number(browser, "document.querySelectorAll('button[value=ack]').length") == 0);

    REQUIRE(browser.open(paged.link_for("engineer-b")));
    REQUIRE(browser.act("document.querySelector('button[value=lead]').click()"));
    CHECK(paged.in_api("lead") == "engineer-b");

    std::string note;
    for (const std::string& hostile : hostile_texts()) {
        note += truncate(to_valid_utf8(hostile), 400) + "\n";
    }
    REQUIRE(browser.act("document.querySelector('textarea').value = " + json_text(note) +
                        "; document.querySelector('button[value=note]').click()"));
    CHECK(text(browser, "document.querySelector('ol').textContent").find("owned") !=
          std::string::npos);
    check_layout(browser, 390, 1);
    CHECK(browser.screenshot(build_folder() / "artefacts" / "page-hostile-whole.png", true));
    CHECK(text(browser, "document.title") == "INC-1 critical: " + title);

    REQUIRE(browser.open(paged.daemon.url() + "/api/v1/incidents/INC-1/analysis.html"));
    CHECK(text(browser, "document.title") == "INC-1: " + title);
    CHECK(number(browser, "document.querySelectorAll('h2').length") == 7);
    CHECK(browser.screenshot(build_folder() / "artefacts" / "analysis-whole.png", true));
    for (const std::string& complaint : browser.complaints()) FAIL_CHECK(complaint);
}
