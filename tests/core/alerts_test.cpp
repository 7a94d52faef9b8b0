// Pushed alerts: one by one, idempotent, resolved only by their own source.
#include <doctest/doctest.h>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

std::vector<Rule> rules() {
    Rule unmatched =
        alert_rule("unmatched", "severity=~\"critical|page\"", Severity::major, {"alertname"});
    unmatched.kind = RuleKind::unmatched;
    return {alert_rule("disk-full", "alertname=\"DiskFull\"", Severity::major,
                       {"alertname", "instance"}),
            alert_rule("site", "alertname=~\"SiteDown|SiteSlow\"", Severity::critical), unmatched};
}

}  // namespace

TEST_CASE("A firing alert that a rule matches is declared and paged at once [H-03] [H-28]") {
    World world(rules());
    world.send(world.alert("DiskFull", {{"instance", "db-1"}}));
    REQUIRE(world.history.size() == 1);
    const Incident& incident = world.incident(1);
    CHECK(incident.key == "disk-full{alertname=\"DiskFull\", instance=\"db-1\"}");
    CHECK(incident.state == IncidentState::triage);
    CHECK(incident.severity == Severity::major);
    CHECK(incident.title == "disk-full");
    CHECK(world.pages() == std::vector<std::string>{"pager prod/install/INC-1/1/major/page"});
    CHECK(world.verdict().outcome == Outcome::incident);
    CHECK(world.verdict().because == Because::rule_matches);
    CHECK(world.verdict().incident == 1);
}

TEST_CASE("Repeats and HA duplicates change nothing and are not stored [H-03]") {
    World world(rules());
    AlertSeen alert = world.alert("DiskFull", {{"instance", "db-1"}});
    world.send(alert);
    world.pass(seconds(1));
    CHECK(world.send(alert).empty());
    CHECK(world.pages().size() == 1);
}

TEST_CASE("A storm of one rule without `per` is one incident and one page") {
    World world(rules());
    for (int i = 0; i < 200; ++i) {
        world.send(world.alert("SiteDown", {{"instance", std::to_string(i)}}));
    }
    CHECK(world.history.size() == 1);
    CHECK(world.pages().size() == 1);
    CHECK(world.state.signals_by_incident.at(1).size() == 200);
}

TEST_CASE("The first matching rule decides, further ones only after continue [H-17]") {
    std::vector<Rule> all = rules();
    all.insert(all.begin(), alert_rule("tell", "alertname=\"DiskFull\"", Severity::minor));
    World decided(all);
    decided.send(decided.alert("DiskFull"));
    CHECK(decided.history.size() == 1);
    all.front().continue_matching = true;
    World both(all);
    both.send(both.alert("DiskFull"));
    CHECK(both.history.size() == 2);
}

TEST_CASE(
    "unmatched: is tried after every rule, and what it does not match is shown as unmatched "
    "[H-11] [H-17] [B16]") {
    World world(rules());
    world.send(world.alert("KafkaGone", {{"severity", "critical"}}));
    CHECK(world.incident(1).key == "unmatched{alertname=\"KafkaGone\"}");
    CHECK(world.incident(1).title == "KafkaGone");
    world.send(world.alert("Trifle", {{"severity", "warning"}}));
    CHECK(world.verdict().outcome == Outcome::unmatched);
    CHECK(world.history.size() == 1);
}

TEST_CASE("A resolved alert is cleared after five minutes and closes what nobody acknowledged") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    world.send(alert);
    world.accept_deliveries();
    world.pass(minutes(1));
    world.send(World::resolved(alert, world.now));
    CHECK(world.verdict().because == Because::not_clear_yet);
    world.pass(minutes(5) - seconds(1));
    CHECK(world.incident(1).state == IncidentState::triage);
    world.pass(seconds(1));
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(world.incident(1).closed_by == "cleared");
    CHECK(world.verdict().outcome == Outcome::clear);
    CHECK(world.verdict().incident == 1);
    CHECK(world.keys(Action::resolve_page) ==
          std::vector<std::string>{"pager prod/install/INC-1/1/critical/resolve_page-2"});
    CHECK(world.state.signals.empty());
}

TEST_CASE("Only the source that fired an alert may resolve it") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    world.send(alert);
    AlertSeen other = alert;
    other.source = "elsewhere";
    CHECK(world.send(World::resolved(other, world.now + minutes(1))).empty());
    world.pass(minutes(10));
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE("An alert dated from its end, as by Alertmanager for one without a start, is resolved") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    alert.starts_at = world.now + hours(1);
    world.send(alert);
    world.pass(minutes(1));
    world.send(World::resolved(alert, world.now));
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("A firing that arrives after its own resolve is recognised as late") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    world.send(alert);
    world.pass(minutes(1));
    world.send(World::resolved(alert, world.now));
    CHECK(world.send(alert).empty());
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("A resolve of an earlier firing does not end the later one") {
    World world(rules());
    AlertSeen first = world.alert("SiteDown");
    world.send(first);
    world.pass(minutes(1));
    Instant ended = world.now;
    world.send(World::resolved(first, ended));
    world.pass(minutes(1));
    world.send(world.alert("SiteDown"));
    CHECK(world.send(World::resolved(first, ended)).empty());
    world.pass(minutes(20));
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE("An alert that flaps stays one incident and one page") {
    World world(rules());
    for (int i = 0; i < 10; ++i) {
        AlertSeen alert = world.alert("SiteDown");
        world.send(alert);
        world.accept_deliveries();
        world.pass(seconds(20));
        world.send(World::resolved(alert, world.now));
        world.pass(seconds(5));
    }
    CHECK(world.history.size() == 1);
    CHECK(world.incident(1).episode == 1);
    CHECK(world.pages().size() == 1);
}

TEST_CASE("What comes back within reopen_within of closing is a new episode, paged again") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    world.send(alert);
    world.accept_deliveries();
    world.send(World::resolved(alert, world.now));
    world.pass(minutes(6));
    REQUIRE(world.incident(1).state == IncidentState::closed);
    world.send(world.alert("SiteDown"));
    CHECK(world.incident(1).episode == 2);
    CHECK(world.incident(1).state == IncidentState::triage);
    CHECK(world.pages().back() == "pager prod/install/INC-1/2/critical/page");
}

TEST_CASE("What comes back later than that is a new incident") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    world.send(alert);
    world.send(World::resolved(alert, world.now));
    world.pass(minutes(16));
    CHECK(world.state.incidents.empty());
    world.send(world.alert("SiteDown"));
    CHECK(world.history.size() == 2);
}

TEST_CASE("A lease is renewed in state only when half of it is used, and ends when it is not") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    alert.leased = true;
    const auto post = [&] {
        alert.ends_at = world.now + minutes(4);
        return world.send(alert);
    };
    post();
    world.pass(minutes(1));
    CHECK(post().empty());
    world.pass(minutes(1) + seconds(30));
    CHECK(!post().empty());
    world.pass(minutes(4));
    CHECK(world.verdict().because == Because::not_clear_yet);
    world.pass(minutes(5));
    CHECK(world.verdict().because == Because::lease_expired);
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("An alert whose lease ran out fires again with the same start") {
    World world(rules());
    AlertSeen alert = world.alert("SiteDown");
    alert.leased = true;
    alert.ends_at = world.now + minutes(4);
    world.send(alert);
    world.pass(minutes(5));
    alert.ends_at = world.now + minutes(4);
    CHECK(!world.send(alert).empty());
    world.pass(minutes(3));
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE("The poll of Alertmanager resolves what it no longer has, and only that") {
    World world(rules());
    AlertSeen lost = world.alert("DiskFull", {{"instance", "a"}});
    AlertSeen kept = world.alert("DiskFull", {{"instance", "b"}});
    world.send(lost);
    world.send(kept);
    world.send(AlertsListed{"am", {kept.labels.fingerprint()}});
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(is_open(world.incident(2).state));
}

TEST_CASE("An alert that a source is expected to send for ever is never judged") {
    World world(rules());
    CHECK(world.send(world.alert("Watchdog", {{"severity", "critical"}})).empty());
}

TEST_CASE("An alert rule's `for` runs by timer") {
    std::vector<Rule> all = rules();
    all[0].ladder[0].hold_for = minutes(2);
    World world(all);
    world.send(world.alert("DiskFull"));
    CHECK(world.verdict().outcome == Outcome::pending);
    world.pass(minutes(2) - seconds(1));
    CHECK(world.history.empty());
    world.pass(seconds(1));
    CHECK(world.history.size() == 1);
}

TEST_CASE("An annotation can carry the value, and an unreadable one over-estimates [H-01] [H-20]") {
    Rule rule = alert_rule("lag", "alertname=\"Lag\"", Severity::major);
    rule.value = *Template::parse("{{ $annotations.lag_seconds }}");
    rule.has_thresholds = true;
    rule.ladder = {over(1800, Severity::critical), over(300, Severity::minor)};
    rule.ladder[0].communicate = true;
    World world({rule});
    AlertSeen alert = world.alert("Lag");
    alert.annotations = Labels{{"lag_seconds", "301"}};
    world.send(alert);
    CHECK(world.incident(1).severity == Severity::minor);
    CHECK(world.incident(1).value == 301.0);
    alert.labels = Labels{{"alertname", "Lag"}, {"instance", "x"}};
    alert.annotations = Labels{{"lag_seconds", "a lot"}};
    world.send(alert);
    CHECK(world.verdict().because == Because::value_unreadable);
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(!world.incident(1).communication_due == false);  // critical policy communicates
}

TEST_CASE("A summary that cannot be expanded, or says nothing, leaves the rule's name as title") {
    Rule rule = alert_rule("lag", "alertname=\"Lag\"", Severity::major);
    for (const char* summary : {"{{ $value | humanizeDuration }} behind", "{{ $labels.team }}"}) {
        CAPTURE(summary);
        rule.summary = *Template::parse(summary);
        World world({rule});
        world.send(world.alert("Lag"));
        CHECK(world.incident(1).title == "lag");
    }
}

TEST_CASE("A source's labels are added before matching, and one already there wins [C8]") {
    Rule rule = alert_rule("site", "alertname=\"SiteDown\"", Severity::major, {"region"});
    World world({rule});
    world.send(world.alert("SiteDown", {}, "us"));
    CHECK(world.incident(1).key == "site{region=\"us\"}");
    world.send(world.alert("SiteDown", {{"region", "eu"}}, "us"));
    CHECK(world.incident(2).key == "site{region=\"eu\"}");
    CHECK(world.incident(2).also == std::vector<std::uint64_t>{1});
    CHECK(world.incident(1).also == std::vector<std::uint64_t>{2});
}

TEST_CASE("A step of `for` alone makes an alert that lasts more severe") {
    Rule rule = alert_rule("site", "alertname=\"SiteDown\"", Severity::major);
    rule.ladder.insert(rule.ladder.begin(),
                       Step{.hold_for = minutes(30), .severity = Severity::critical});
    World world({rule});
    world.send(world.alert("SiteDown"));
    CHECK(world.incident(1).severity == Severity::major);
    world.pass(minutes(30));
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(world.pages().back().ends_with("/critical/page"));
}
