// Paging by e-mail: the real binary, a real mail server, and what lies in the mailbox.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/mail_server.hpp"
#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;

namespace {

const char* const webhook = "/api/v1/alertmanager";
const std::string signup = R"("alertname":"SignupBroken","region":"us")";
const char* const password = "correct horse";

DaemonSettings mailing(const MailServer& server, const std::string& to) {
    ::setenv("TOCSIN_TEST_MAIL_PASSWORD", password, 1);
    return {.integrations = "  - {name: mail, kind: email, smtp: \"" + server.url() +
                            "\", from: \"tocsin <tocsin@example.com>\", to: [" + to +
                            "], user_name: tocsin, password: {env: TOCSIN_TEST_MAIL_PASSWORD}}",
            .page = "[mail, log]",
            .extra = "public_url: https://tocsin.example"};
}

std::optional<std::string> program_or_skip() {
    auto program = mail_server_program();
    if (!program) MESSAGE("skipped: there is no mail server (exim4)");
    return program;
}

}  // namespace

TEST_CASE("a page arrives in a mailbox, and its acknowledgement in the same thread") {
    const auto program = program_or_skip();
    if (!program) return;
    const MailServer server(*program, {.password = password});
    REQUIRE_MESSAGE(server.is_ready(), server.log());
    TestDaemon daemon(mailing(server, "private@example.com"));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(signup)})).status == 200);
    const auto paged = server.wait_for(1);
    REQUIRE_MESSAGE(paged.size() == 1, (daemon.log() + server.log()));
    const ReadMail& page = paged[0];
    CHECK(page.header("Envelope-to") == "private@example.com");
    CHECK(page.header("Subject").find("INC-1 Customer signup is broken in us") !=
          std::string::npos);
    CHECK(page.header("Importance") == "high");
    CHECK(page.text().find("tocsin ack INC-1 --by") != std::string::npos);
    CHECK(page.text().find("https://tocsin.example/") != std::string::npos);

    REQUIRE(daemon.command({"ack", "INC-1", "--by", "engineer-a"}).status == 0);
    const auto mails = server.wait_for(2);
    REQUIRE_MESSAGE(mails.size() == 2, daemon.log());
    CHECK(mails[1].header("In-Reply-To") == page.header("Message-ID"));
    CHECK(mails[1].header("Subject") == "Re: " + page.header("Subject"));
    CHECK(mails[1].text().find("engineer-a has acknowledged INC-1") != std::string::npos);
    CHECK(daemon.pages_in_file().empty());
    CHECK(daemon.log().find(password) == std::string::npos);
    CHECK(daemon.get("/api/v1/incidents/INC-1").body.find(password) == std::string::npos);
}

TEST_CASE("a page that a server puts off arrives once it is let in, and only once") {
    const auto program = program_or_skip();
    if (!program) return;
    const MailServer server(*program, {.password = password});
    REQUIRE_MESSAGE(server.is_ready(), server.log());
    TestDaemon daemon(mailing(server, "grey@example.com"));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(signup)})).status == 200);
    REQUIRE(eventually([&] { return server.log().find("greylisted") != std::string::npos; }));
    CHECK(server.mails().empty());
    server.lift_greylisting();
    REQUIRE(server.wait_for(1).size() == 1);
    REQUIRE(eventually([&] {
        return daemon.get("/api/v1/incidents/INC-1").body.find("\"state\":\"accepted\"") !=
               std::string::npos;
    }));
    CHECK(server.mails().size() == 1);
}

TEST_CASE("an address that does not exist hands over to the fallback at once, and is reported") {
    const auto program = program_or_skip();
    if (!program) return;
    const MailServer server(*program, {.password = password});
    REQUIRE_MESSAGE(server.is_ready(), server.log());
    TestDaemon daemon(mailing(server, "nobody@example.com"));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(signup)})).status == 200);
    REQUIRE(eventually([&] { return !daemon.pages_in_file().empty(); }));
    CHECK(daemon.get("/api/v1/incidents/INC-1").body.find("no such user") != std::string::npos);
    REQUIRE(eventually([&] { return daemon.incidents().size() == 2; }));
}

TEST_CASE("the person on call is mailed, then the next level, until somebody acknowledges") {
    const auto program = program_or_skip();
    if (!program) return;
    const MailServer server(*program, {.password = password});
    REQUIRE_MESSAGE(server.is_ready(), server.log());
    DaemonSettings settings = mailing(server, "private@example.com");
    settings.extra += "\noncall: oncall.yaml";
    TestDaemon daemon(settings);
    write_file(daemon.folder() / "oncall.yaml", R"(
people:
  - {name: engineer-a, email: engineer-a@example.com, time_zone: Europe/London}
  - {name: engineer-b, email: engineer-b@example.com, time_zone: America/New_York}
schedules:
  - {name: first-line, layers: [{people: [engineer-a]}]}
escalation:
  - {notify: [schedule/first-line], wait: 1s}
  - {notify: [person/engineer-b], wait: 10m}
)");
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(signup)})).status == 200);
    const auto paged = server.wait_for(2);
    REQUIRE_MESSAGE(paged.size() == 2, (daemon.log() + server.log()));
    CHECK(paged[0].header("Envelope-to") == "engineer-a@example.com");
    CHECK(paged[0].text().find("--by engineer-a") != std::string::npos);
    CHECK(paged[1].header("Envelope-to") == "engineer-b@example.com");
    CHECK(paged[1].header("References").starts_with(paged[0].header("References")));

    REQUIRE(daemon.command({"ack", "INC-1", "--by", "engineer-b"}).status == 0);
    const auto mails = server.wait_for(4);
    REQUIRE_MESSAGE(mails.size() == 4, daemon.log());
    std::vector<std::string> told;
    for (std::size_t i = 2; i < 4; ++i) {
        told.push_back(mails[i].header("Envelope-to"));
        CHECK(mails[i].text().find("engineer-b has acknowledged INC-1") != std::string::npos);
    }
    std::sort(told.begin(), told.end());
    CHECK(told == std::vector<std::string>{"engineer-a@example.com", "engineer-b@example.com"});
}
