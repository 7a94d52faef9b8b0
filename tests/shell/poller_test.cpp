// Slots, delay, overlap, repetition, the four kinds of answers, agreement, lists and reloads.
#include "shell/poller.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "support/poller_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using core::SourceAnswer;
using integrations::Answer;

namespace {

const Instant start = Instant(hours(24 * 20'000));

core::Rule lag_rule(std::vector<std::string> sources, Duration interval = seconds(15)) {
    core::Rule rule;
    rule.name = "ingestion-lag";
    rule.kind = core::RuleKind::expression;
    rule.content_hash = 7;
    rule.expression = "max by (region) (lag_seconds)";
    rule.interval = interval;
    rule.sources = std::move(sources);
    return rule;
}

core::RulesetPtr rules(std::vector<core::Rule> all) {
    auto ruleset = std::make_shared<core::Ruleset>();
    ruleset->rules = std::move(all);
    return ruleset;
}

shell::PolledSource source(const std::string& name) {
    shell::PolledSource row;
    row.name = name;
    row.url = "http://" + name;
    return row;
}

shell::PolledSource alertmanager(const std::string& name) {
    shell::PolledSource row = source(name);
    row.kind = core::Source::Kind::alertmanager;
    row.interval = seconds(60);
    row.expect_alert = "Watchdog";
    return row;
}

SourceNet::Peer always(Answer answer, Duration takes = milliseconds(3)) {
    return [answer, takes](const SourceNet::Asked&) { return std::pair{answer, takes}; };
}

std::string listed(const std::string& alertname) {
    return R"({"labels":{"alertname":")" + alertname +
           R"("},"annotations":{},"startsAt":"2026-01-01T00:00:00Z",)"
           R"("endsAt":"2036-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z",)"
           R"("fingerprint":"00","receivers":[{"name":"x"}],)"
           R"("status":{"state":"active","inhibitedBy":[],"silencedBy":[]}})";
}

}  // namespace

TEST_CASE("a rule is asked about at its slots, for the instant of the slot minus the delay") {
    PollerWorld world(start);
    world.net.peers["us"] = always(vector_of("301"));
    world.poller.load(rules({lag_rule({"us"})}), {source("us")});
    world.runtime.run_for(minutes(1));
    const auto seen = world.all<core::Evaluated>();
    REQUIRE(seen.size() == 4);
    const auto offset = Duration(static_cast<std::int64_t>(fnv1a64("ingestion-lag") % 15'000'000));
    for (std::size_t n = 0; n < seen.size(); ++n) {
        const Instant slot = world.net.asked[n].at;
        CHECK((slot - offset).time_since_epoch() % seconds(15) == Duration{0});
        CHECK(seen[n].at == slot - seconds(5));
        CHECK(world.net.asked[n].request.body.find("time=") != std::string::npos);
        CHECK(seen[n].rule == "ingestion-lag");
        CHECK(seen[n].content_hash == 7);
        REQUIRE(seen[n].answers.size() == 1);
        CHECK(seen[n].answers[0].source == "us");
        REQUIRE(seen[n].answers[0].series.size() == 1);
        CHECK(seen[n].answers[0].series[0].value == 301);
    }
    CHECK(seen[1].at - seen[0].at == seconds(15));
}

TEST_CASE("slots do not move by a restart or a reload") {
    const auto first_slot_after = [](Duration into) {
        PollerWorld world(start + into);
        world.net.peers["us"] = always(no_series());
        world.poller.load(rules({lag_rule({"us"})}), {source("us")});
        world.poller.load(rules({lag_rule({"us"})}), {source("us")});
        world.runtime.run_for(seconds(15));
        return (world.net.asked.at(0).at - start) % seconds(15);
    };
    CHECK(first_slot_after(seconds(0)) == first_slot_after(seconds(7)));
    CHECK(first_slot_after(seconds(0)) == first_slot_after(milliseconds(14'321)));
}

TEST_CASE("the four answers stay apart") {
    struct Row {
        const char* sentence;
        Answer answer;
        SourceAnswer::Kind kind;
        std::size_t series;
        bool source_answered;
    };
    const Row rows[] = {
        {"a value", vector_of("1"), SourceAnswer::Kind::complete, 1, true},
        {"nothing", no_series(), SourceAnswer::Kind::complete, 0, true},
        {"a part",
         http_answer(200, R"({"status":"success","isPartial":true,"data":)"
                          R"({"resultType":"vector","result":[]}})"),
         SourceAnswer::Kind::partial, 0, true},
        {"a query that is wrong",
         http_answer(400, R"({"status":"error","errorType":"bad_data","error":"parse"})"),
         SourceAnswer::Kind::error, 0, true},
        {"a server in trouble", http_answer(503, ""), SourceAnswer::Kind::error, 0, false},
        {"nobody there", lost_answer(Answer::Kind::unreachable), SourceAnswer::Kind::error, 0,
         false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        PollerWorld world(start);
        world.net.peers["us"] = always(row.answer);
        world.heartbeat.load({{.name = "us", .silent_after = seconds(40), .expect_alert = {}}});
        world.poller.load(rules({lag_rule({"us"})}), {source("us")});
        world.runtime.run_for(minutes(1));
        const auto seen = world.all<core::Evaluated>();
        REQUIRE(seen.size() == 4);
        CHECK(seen[0].answers[0].kind == row.kind);
        CHECK(seen[0].answers[0].series.size() == row.series);
        CHECK(world.heartbeat.statuses()[0].silent == !row.source_answered);
        CHECK(world.edges().size() == 1);
    }
}

TEST_CASE("a request that gets lost is repeated once, at once; one that hung is not") {
    struct Row {
        const char* sentence;
        Answer answer;
        Duration takes;
        std::size_t requests;
    };
    const Row rows[] = {
        {"refused", lost_answer(Answer::Kind::unreachable), milliseconds(1), 2},
        {"cut off", lost_answer(Answer::Kind::broken), milliseconds(1), 2},
        {"hung until its deadline", lost_answer(Answer::Kind::broken), seconds(10), 1},
        {"answered badly", http_answer(500, ""), milliseconds(1), 1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        PollerWorld world(start);
        world.net.peers["us"] = always(row.answer, row.takes);
        world.poller.load(rules({lag_rule({"us"}, seconds(60))}), {source("us")});
        world.runtime.run_for(seconds(60));
        world.runtime.run_for(seconds(10));  // the slot may lie at the minute's very end
        CHECK(world.all<core::Evaluated>().size() >= 1);
        CHECK(world.net.asked.size() == row.requests * world.poller.statistics()[0].asked);
    }
}

TEST_CASE("a repeated request that succeeds is one good answer") {
    PollerWorld world(start);
    world.net.peers["us"] = [n = 0](const SourceNet::Asked&) mutable {
        return std::pair{n++ == 0 ? lost_answer(Answer::Kind::broken) : vector_of("1"),
                         Duration(milliseconds(1))};
    };
    world.poller.load(rules({lag_rule({"us"})}), {source("us")});
    world.runtime.run_for(seconds(15));
    REQUIRE(world.all<core::Evaluated>().size() == 1);
    CHECK(world.all<core::Evaluated>()[0].answers[0].kind == SourceAnswer::Kind::complete);
    CHECK(world.poller.statistics()[0].repeated == 1);
    CHECK(world.poller.statistics()[0].failed == 0);
}

TEST_CASE("evaluations never overlap: slots that pass meanwhile are skipped and counted") {
    PollerWorld world(start);
    world.net.peers["us"] = always(vector_of("1"), seconds(8));
    world.poller.load(rules({lag_rule({"us"}, seconds(5))}), {source("us")});
    world.runtime.run_for(seconds(60));
    const auto totals = world.poller.statistics()[0];
    CHECK(totals.in_flight <= 1);
    CHECK(totals.asked == 6);
    CHECK(totals.slots_missed == 6);
}

TEST_CASE("a slot waits also for the commit of the one before") {
    PollerWorld world(start);
    world.commit_takes = seconds(20);
    world.net.peers["us"] = always(vector_of("1"));
    world.poller.load(rules({lag_rule({"us"})}), {source("us")});
    world.runtime.run_for(seconds(120));
    CHECK(world.poller.statistics()[0].asked == 4);
    CHECK(world.poller.statistics()[0].slots_missed == 4);
}

TEST_CASE("a source is asked no more than its number of questions at once") {
    PollerWorld world(start);
    std::size_t most = 0;
    world.net.peers["us"] = [&](const SourceNet::Asked&) {
        most = std::max(most, world.poller.statistics()[0].in_flight);
        return std::pair{vector_of("1"), Duration(seconds(1))};
    };
    std::vector<core::Rule> many;
    for (int n = 0; n < 40; ++n) {
        many.push_back(lag_rule({"us"}, seconds(60)));
        many.back().name = "rule-" + std::to_string(n % 20);  // slots of two are the same
        many.back().content_hash = static_cast<std::uint64_t>(n);
    }
    auto row = source("us");
    row.queries_max = 2;
    world.poller.load(rules(many), {row});
    world.runtime.run_for(seconds(61));
    CHECK(most <= 2);
    CHECK(world.all<core::Evaluated>().size() >= 18);
}

TEST_CASE("to agree, all sources of the slot are heard, and a failed one is an error answer") {
    PollerWorld world(start);
    world.net.peers["us"] = always(vector_of("1"));
    world.net.peers["eu"] = always(http_answer(503, ""), seconds(2));
    core::Rule rule = lag_rule({"us", "eu", "unknown"});
    rule.agree_all = true;
    auto slow = source("eu");
    slow.delay = seconds(9);
    world.poller.load(rules({rule}), {source("us"), slow});
    world.runtime.run_for(seconds(17));
    const auto seen = world.all<core::Evaluated>();
    REQUIRE(seen.size() == 1);
    REQUIRE(seen[0].answers.size() == 2);
    CHECK(seen[0].answers[0].source == "us");
    CHECK(seen[0].answers[0].kind == SourceAnswer::Kind::complete);
    CHECK(seen[0].answers[1].source == "eu");
    CHECK(seen[0].answers[1].kind == SourceAnswer::Kind::error);
    CHECK(seen[0].at == world.net.asked[0].at - seconds(9));
}

TEST_CASE("one source that hangs does not hold up another") {
    PollerWorld world(start);
    world.net.peers["us"] = always(lost_answer(Answer::Kind::broken), seconds(10));
    world.net.peers["eu"] = always(vector_of("1"));
    world.poller.load(rules({lag_rule({"us", "eu"}, seconds(5))}), {source("us"), source("eu")});
    world.runtime.run_for(seconds(60));
    CHECK(world.poller.statistics()[0].source == "eu");
    CHECK(world.poller.statistics()[0].asked == 12);
    CHECK(world.poller.statistics()[0].slots_missed == 0);
    CHECK(world.poller.statistics()[1].asked <= 6);
}

TEST_CASE("an answer to a rule that a reload has changed is dropped, unchanged ones stay") {
    for (const bool changed : {false, true}) {
        CAPTURE(changed);
        PollerWorld world(start);
        world.net.peers["us"] = always(vector_of("1"), seconds(2));
        world.poller.load(rules({lag_rule({"us"})}), {source("us")});
        while (world.net.asked.empty()) world.runtime.run_for(milliseconds(500));
        core::Rule rule = lag_rule({"us"});
        if (changed) rule.content_hash = 8;
        world.poller.load(rules({rule}), {source("us")});
        world.runtime.run_for(seconds(3));
        CHECK(world.all<core::Evaluated>().size() == (changed ? 0 : 1));
        world.runtime.run_for(seconds(15));
        CHECK(world.all<core::Evaluated>().size() == (changed ? 1 : 2));
    }
}

TEST_CASE("after stop, and for a source that is gone, nothing is asked any more") {
    PollerWorld world(start);
    world.net.peers["us"] = always(vector_of("1"), seconds(2));
    world.poller.load(rules({lag_rule({"us"})}), {source("us")});
    while (world.net.asked.empty()) world.runtime.run_for(milliseconds(500));
    world.poller.load(rules({lag_rule({"us"})}), {});
    world.runtime.run_for(minutes(1));
    CHECK(world.events.empty());
    CHECK(world.net.asked.size() == 1);
    world.poller.load(rules({lag_rule({"us"})}), {source("us")});
    world.poller.stop();
    world.runtime.run_for(minutes(1));
    CHECK(world.net.asked.size() == 1);
}

TEST_CASE("a whole list is reported sorted, and feeds the heartbeat") {
    PollerWorld world(start);
    world.net.peers["am"] =
        always(http_answer(200, "[" + listed("Watchdog") + "," + listed("DiskFull") + "]"));
    world.heartbeat.load({{.name = "am",
                           .silent_after = minutes(5),
                           .expect_alert = "Watchdog",
                           .expect_within = minutes(5)}});
    world.poller.load(nullptr, {alertmanager("am")});
    world.runtime.run_for(minutes(3));
    const auto lists = world.all<core::AlertsListed>();
    REQUIRE(lists.size() == 3);
    std::vector<std::uint64_t> expected{Labels{{"alertname", "Watchdog"}}.fingerprint(),
                                        Labels{{"alertname", "DiskFull"}}.fingerprint()};
    std::sort(expected.begin(), expected.end());
    CHECK(lists[0].fingerprints == expected);
    CHECK(world.edges() == std::vector<std::string>{"am back"});
}

TEST_CASE("a list that is not whole and well formed resolves nothing") {
    const Answer bad[] = {http_answer(500, "[]"), http_answer(200, "{}"), http_answer(200, "[{"),
                          http_answer(200, ""), lost_answer(Answer::Kind::broken)};
    for (const Answer& answer : bad) {
        CAPTURE(answer.status);
        CAPTURE(answer.body);
        PollerWorld world(start);
        world.net.peers["am"] = always(answer);
        world.heartbeat.load({{.name = "am", .silent_after = minutes(5), .expect_alert = {}}});
        world.poller.load(nullptr, {alertmanager("am")});
        world.runtime.run_for(minutes(10));
        CHECK(world.all<core::AlertsListed>().empty());
        CHECK(world.edges().size() == 1);
        CHECK(world.heartbeat.statuses()[0].silent);
        CHECK(world.poller.statistics()[0].failed == 10);
    }
}

TEST_CASE("a list never resolves what was pushed while it was on its way") {
    PollerWorld world(start);
    world.net.peers["am"] = always(http_answer(200, "[]"), seconds(2));
    world.poller.load(nullptr, {alertmanager("am")});
    while (world.net.asked.empty()) world.runtime.run_for(milliseconds(500));
    world.poller.alert_pushed("am", 42);
    world.poller.alert_pushed("other", 43);
    world.runtime.run_for(seconds(3));
    REQUIRE(world.all<core::AlertsListed>().size() == 1);
    CHECK(world.all<core::AlertsListed>()[0].fingerprints == std::vector<std::uint64_t>{42});

    core::AlertsListed waiting{.source = "am", .fingerprints = {50}};
    world.poller.alert_pushed("am", 7);  // while the list stands in the inbox
    world.poller.amend(waiting);
    CHECK(waiting.fingerprints == std::vector<std::uint64_t>{7, 42, 50});

    world.runtime.run_for(minutes(2));  // two lists later both are old news
    CHECK(world.all<core::AlertsListed>().back().fingerprints.empty());
}
