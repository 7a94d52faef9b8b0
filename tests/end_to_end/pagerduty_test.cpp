// Paging a service: PagerDuty's Events API v2, played by a fake peer on loopback.

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

const char* const webhook = "/api/v1/alertmanager";

DaemonSettings paging_to(const HttpPeer& peer) {
    return {.integrations = "  - {name: pager, kind: pagerduty, url: \"" + peer.url() +
                            "\", routing_key: {env: TOCSIN_TEST_ROUTING_KEY}}",
            .page = "[pager, log]"};
}

struct Sent {
    std::string action;
    std::string key;
    std::string summary;
    bool operator==(const Sent&) const = default;
};

std::vector<Sent> sent_to(const HttpPeer& peer) {
    std::vector<Sent> list;
    for (const Received& request : peer.received()) {
        const auto body = integrations::parse_json(request.body);
        if (!body || request.path != "/enqueue") continue;
        const Json* payload = body->find("payload");
        list.push_back({body->text_at("event_action").value_or(""),
                        body->text_at("dedup_key").value_or(""),
                        payload ? payload->text_at("summary").value_or("") : ""});
    }
    return list;
}

const std::string signup = R"("alertname":"SignupBroken","region":"us")";

}  // namespace

TEST_CASE("an incident is triggered, acknowledged and resolved at PagerDuty under one key") {
    ::setenv("TOCSIN_TEST_ROUTING_KEY", "0123456789abcdef0123456789abcdef", 1);
    HttpPeer pagerduty;
    TestDaemon daemon(paging_to(pagerduty));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(signup)})).status == 200);
    REQUIRE(eventually([&] { return sent_to(pagerduty).size() == 1; }));
    CHECK(daemon.command({"ack", "INC-1", "--by", "engineer-a"}).status == 0);
    REQUIRE(eventually([&] { return sent_to(pagerduty).size() == 2; }));
    CHECK(daemon.post(webhook, webhook_json({alert_json(signup, false)})).status == 200);
    const Output closed =
        daemon.command({"close", "INC-1", "--by", "engineer-a", "--cause", "a bad deploy", "--fix",
                        "rolled back", "--force", "seen by hand"});
    CHECK_MESSAGE(closed.status == 0, closed.text);
    REQUIRE(eventually([&] { return sent_to(pagerduty).size() == 3; }));

    const std::vector<Sent> sent = sent_to(pagerduty);
    CHECK(sent[0].action == "trigger");
    CHECK(sent[0].summary.find("Customer signup is broken in us") != std::string::npos);
    CHECK(sent[1].action == "acknowledge");
    CHECK(sent[2].action == "resolve");
    CHECK(sent[0].key == sent[1].key);
    CHECK(sent[0].key == sent[2].key);
    CHECK(sent[0].key.find("test/") == 0);
    CHECK(sent[0].key.find("/INC-1/1/major") != std::string::npos);
    CHECK(daemon.log().find("0123456789abcdef") == std::string::npos);
}

TEST_CASE("a pager that fails is asked again under the same key, until it takes the page") {
    ::setenv("TOCSIN_TEST_ROUTING_KEY", "0123456789abcdef0123456789abcdef", 1);
    int failures = 3;
    HttpPeer pagerduty([&](const Received&) {
        return failures-- > 0 ? PeerAnswer{.status = 500} : PeerAnswer{.status = 202};
    });
    TestDaemon daemon(paging_to(pagerduty));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(signup)})).status == 200);
    REQUIRE(eventually([&] { return sent_to(pagerduty).size() >= 4; }));
    REQUIRE(eventually([&] {
        return daemon.get("/api/v1/incidents/INC-1").body.find("\"state\":\"accepted\"") !=
               std::string::npos;
    }));
    const std::vector<Sent> sent = sent_to(pagerduty);
    CHECK(sent.size() == 4);
    for (const Sent& one : sent) CHECK(one == sent[0]);
}

TEST_CASE("a pager that refuses the key for good hands over to the fallback at once") {
    ::setenv("TOCSIN_TEST_ROUTING_KEY", "0123456789abcdef0123456789abcdef", 1);
    HttpPeer pagerduty([](const Received&) { return PeerAnswer{.status = 403}; });
    TestDaemon daemon(paging_to(pagerduty));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(signup)})).status == 200);
    REQUIRE(eventually([&] { return !daemon.pages_in_file().empty(); }));
    // The refusal is itself an incident: somebody has to know that the pager does not work.
    REQUIRE(eventually([&] { return daemon.incidents().size() == 2; }));
    CHECK(daemon.log().find("0123456789abcdef") == std::string::npos);
}

TEST_CASE("a rise in severity pages anew, and the older page is resolved after it") {
    ::setenv("TOCSIN_TEST_ROUTING_KEY", "0123456789abcdef0123456789abcdef", 1);
    HttpPeer pagerduty;
    TestDaemon daemon(paging_to(pagerduty));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const std::string lag = R"("alertname":"IngestionLag","region":"eu")";
    const auto behind = [&](const char* seconds) {
        const std::string annotation = std::string(R"("lag_seconds":")") + seconds + "\"";
        return webhook_json({alert_json(lag, true, annotation)});
    };
    const auto failing = alert_json(R"("alertname":"EventsLost","region":"eu")");
    REQUIRE(daemon.post(webhook, behind("301")).status == 200);
    REQUIRE(eventually([&] { return sent_to(pagerduty).size() == 1; }));
    REQUIRE(daemon.post(webhook, webhook_json({failing})).status == 200);
    REQUIRE(eventually([&] { return sent_to(pagerduty).size() == 3; }));
    const std::vector<Sent> sent = sent_to(pagerduty);
    CHECK(sent[0].action == "trigger");
    CHECK(sent[0].key.ends_with("/major"));
    CHECK(sent[1].action == "trigger");
    CHECK(sent[1].key.ends_with("/critical"));
    CHECK(sent[2].action == "resolve");
    CHECK(sent[2].key == sent[0].key);
    CHECK(daemon.incidents().size() == 1);
}
