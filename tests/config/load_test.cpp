// Loading whole configurations: the design's examples, defaults, real rule files, mutations.
#include "config/load.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "config/oncall_file.hpp"
#include "config/schemas.hpp"
#include "schema/publish.hpp"
#include "support/files_memory.hpp"

namespace tocsin::config {
namespace {

const Instant today = from_unix_seconds(1'772'330'400);  // 2026-03-01T02:00:00Z

std::string slurp(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

MemoryFiles example() {
    MemoryFiles files;
    const std::string folder = "tests/config/good/";
    files.files = {
        {"/etc/tocsin/tocsin.yaml", slurp(folder + "tocsin.yaml")},
        {"/etc/tocsin/rules/a.yaml", slurp(folder + "rules.yaml")},
        {"/etc/tocsin/rules/a.test.yaml", "not: [a rule file"},
        {"/etc/tocsin/oncall.yaml", slurp(folder + "oncall.yaml")},
        {"/etc/tocsin/people.token", "people-token\n"},
        {"/etc/tocsin/some.key", "0123456789abcdef0123456789abcdef\n"},
        {"/etc/tocsin/webhook.secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"},
        {"/run/credentials/am_token", "am-token\n"}};
    files.variables = {{"CREDENTIALS_DIRECTORY", "/run/credentials"}};
    return files;
}

std::string errors_of(const LoadResult& result) {
    std::string out;
    for (const schema::Diagnostic& one : result.diagnostics.sorted()) {
        const auto text = result.texts.find(one.file);
        if (one.level == schema::Level::error) {
            out += schema::render(one, text == result.texts.end() ? "" : text->second);
        }
    }
    return out;
}

bool says(const LoadResult& result, const std::string& words) {
    for (const schema::Diagnostic& one : result.diagnostics.sorted()) {
        if (one.message.find(words) != std::string::npos) return true;
    }
    return false;
}

TEST_CASE("the example files of the design load without an error") {
    const LoadResult result = load("/etc/tocsin/tocsin.yaml", example(), today);
    CHECK(errors_of(result) == "");
    REQUIRE(result.loaded);
    const Config& config = result.loaded->config;
    CHECK(config.instance == "prod");
    CHECK(config.tokens.size() == 2);
    CHECK(config.tokens[0].token.reveal() == "am-token");
    CHECK(config.sources.size() == 4);
    CHECK(config.rule_files == std::vector<std::string>{"/etc/tocsin/rules/a.yaml"});
    CHECK(config.maintenance.size() == 1);
    CHECK(config.maintenance[0].to.time - config.maintenance[0].from.time == hours(2));
    REQUIRE(config.people);
    CHECK(config.people->people.size() == 5);
    CHECK(config.people->schedules[0].layers[1].hours == Hours{.from = 16 * 60, .to = 0});
    CHECK(says(result, "sources of kind scrape are not acted upon yet"));
    const core::Policy& policy = result.loaded->ruleset->policy;
    CHECK(policy.pagers.front().integration == "pager");
    CHECK(policy.minor.page == core::PageWhen::never);
    CHECK(policy.major.update_every == minutes(30));
}

TEST_CASE("what tocsin.yaml says of people and time reaches the policy") {
    MemoryFiles files;
    files.files = {{"t.yaml", R"(
data_dir: /var/lib/tocsin
rules: []
status_page_url: https://status.example.com/
severities: {minor: {page: never, notify: always}, major: {notify: working_hours}}
paging: {ask_again_after: 45m}
recheck: {every: 5m, clean: 2}
integrations:
  - {name: log, kind: file, path: /tmp/x}
  - {name: later, kind: statuspage, page_id: a, api_key: {file: key}}
use: {page: [log], status_page: log, banner: later}
maintenance:
  - name: m
    from: "2026-03-07T22:00"
    to: "2026-03-08T03:30"
    time_zone: America/New_York
    match: {region: us}
    announcement: "https://example.com/m"
    by: engineer-a
)"},
                   {"key", "k"}};
    const LoadResult result = load("t.yaml", files, today);
    CHECK(errors_of(result) == "");
    REQUIRE(result.loaded);
    const core::Policy& policy = result.loaded->ruleset->policy;
    CHECK(policy.status_page_url == "https://status.example.com");
    CHECK(policy.minor.notify == core::PageWhen::always);
    CHECK(policy.major.notify == core::PageWhen::working_hours);
    CHECK(policy.critical.notify == core::PageWhen::always);
    CHECK(policy.ask_again_after == minutes(45));
    CHECK(policy.recheck.every == minutes(5));
    CHECK(policy.recheck.clean == 2);
    CHECK(policy.working_hours.empty());
    CHECK(policy.status_page == "log");
    CHECK(policy.banner.empty());  // no adapter yet
    CHECK(says(result, "`use.banner` is not acted upon yet"));
    CHECK_FALSE(says(result, "`use.status_page` is not acted upon yet"));
    REQUIRE(policy.maintenance.size() == 1);
    const core::PlannedWindow& window = policy.maintenance[0];
    REQUIRE(window.occurrences.size() == 1);
    // The clocks change in between.
    CHECK(window.occurrences[0].until - window.occurrences[0].from == hours(4) + minutes(30));
    CHECK(window.match.get("region") == "us");
    CHECK(window.announcement == "https://example.com/m");
    CHECK(window.by == "engineer-a");
}

TEST_CASE("a maintenance window that is announced nowhere is warned of [H-16]") {
    MemoryFiles files;
    const auto loaded = [&](const std::string& more) {
        files.files = {{"t.yaml",
                        "data_dir: /var/lib/tocsin\nrules: []\nmaintenance: [{name: m, from: "
                        "'2026-03-01T02:00', to: '2026-03-01T04:00'" +
                            more + "}]\n"}};
        return load("t.yaml", files, today);
    };
    CHECK(says(loaded(""), "is announced nowhere"));
    CHECK_FALSE(says(loaded(", announcement: 'https://example.com/m'"), "is announced nowhere"));
}

TEST_CASE("whom no pager reaches is warned of before the night, not in it [H-72]") {
    MemoryFiles files;
    const auto loaded = [&](const std::string& page) {
        files.files = {
            {"t.yaml",
             "data_dir: /var/lib/tocsin\nrules: []\noncall: o.yaml\nintegrations:\n"
             "  - {name: sms, kind: webhook, url: 'https://sms.example.com'}\n"
             "  - {name: pager, kind: pagerduty, routing_key: {file: key}}\nuse: {page: " +
                 page + "}\n"},
            {"key", "0123456789abcdef0123456789abcdef\n"},
            {"o.yaml",
             "people: [{name: a, email: a@example.com}, {name: b}]\n"
             "escalation: [{notify: [person/a]}, {notify: [person/b]}]\n"}};
        return load("t.yaml", files, today);
    };
    // A webhook is told the name, a service has people of its own.
    CHECK_FALSE(says(loaded("[sms]"), "reaches"));
    CHECK_FALSE(says(loaded("[pager]"), "reaches"));

    const core::Pager mail{
        .integration = "mail", .reach = core::Reach::person, .address = core::Address::email};
    schema::Diagnostics diagnostics;
    (void)compile_oncall("o.yaml", files.files["o.yaml"], {mail}, diagnostics);
    const auto found = diagnostics.sorted();
    REQUIRE(found.size() == 2);
    CHECK(found[0].message == "no pager of `use.page` reaches `b`, who is in an escalation");
    CHECK(found[0].level == schema::Level::warning);
    CHECK(found[1].message == "no pager of `use.page` reaches anybody of this level");
}

TEST_CASE("the design's rules compile to ladders in the rule's unit") {
    const LoadResult result = load("/etc/tocsin/tocsin.yaml", example(), today);
    REQUIRE(result.loaded);
    const core::Ruleset& rules = *result.loaded->ruleset;
    REQUIRE(rules.rules.size() == 5);
    CHECK(rules.rules.back().kind == core::RuleKind::unmatched);
    const core::Rule& lag = rules.rules[0];
    CHECK(lag.name == "ingestion-lag");
    CHECK(lag.incident == "ingestion");
    CHECK(lag.sources == std::vector<std::string>{"us"});
    CHECK(lag.has_thresholds);
    REQUIRE(lag.ladder.size() == 3);
    CHECK(lag.ladder[0].when->threshold == 1800);
    CHECK(lag.ladder[0].when->op == core::Comparison::Operator::at_least);
    CHECK(lag.ladder[0].hold_for == seconds(15));
    CHECK(lag.ladder[0].communicate);
    CHECK(lag.ladder[1].when->threshold == 300);
    CHECK_FALSE(lag.ladder[2].when);
    CHECK(lag.clear.when->threshold == 240);
    CHECK(lag.content_hash != 0);
    CHECK_FALSE(rules.rules[1].has_thresholds);
    CHECK(rules.rules[1].ladder.front().outcome == core::Outcome::watch);
    CHECK(rules.rules[2].per == std::vector<std::string>{"alertname", "instance"});
    CHECK(rules.sources.at("am-us").expect_alert == "Watchdog");
}

TEST_CASE("a source is silent as configured, else after 5m, never before two polls could fail") {
    MemoryFiles files;
    files.files = {
        {"t.yaml",
         "data_dir: /var/lib/tocsin\nrules: [r.yaml]\nsources:\n"
         "  - {name: eager, kind: prometheus, url: 'http://a', silent_after: 1s}\n"
         "  - {name: told, kind: prometheus, url: 'http://b', silent_after: 10m}\n"
         "  - {name: untold, kind: alertmanager, url: 'http://c'}\n"
         "  - {name: idle, kind: prometheus, url: 'http://d', silent_after: 5m}\n"},
        {"r.yaml",
         "groups:\n  - name: g\n    interval: 1h\n    rules:\n"
         "      - {rule: a, expr: up == 0, source: [eager], severity: minor, cite: c}\n"
         "  - name: h\n    interval: 15s\n    rules:\n"
         "      - {rule: b, expr: up == 0, source: [told], severity: minor, cite: c}\n"}};
    const LoadResult result = load("t.yaml", files, today);
    CHECK(errors_of(result) == "");
    REQUIRE(result.loaded);
    const auto& sources = result.loaded->config.sources;
    REQUIRE(sources.size() == 4);
    CHECK(sources[0].silent_after == hours(2) + seconds(15));
    CHECK(sources[1].silent_after == minutes(10));
    CHECK(sources[2].silent_after == minutes(5));
    CHECK_FALSE(sources[3].silent_after);
}

TEST_CASE("two keys are enough, and then everything goes to one file") {
    MemoryFiles files;
    files.files = {{"t.yaml", "data_dir: /var/lib/tocsin\nrules: []\n"}};
    const LoadResult result = load("t.yaml", files, today);
    CHECK(errors_of(result) == "");
    REQUIRE(result.loaded);
    REQUIRE(result.loaded->config.integrations.size() == 1);
    CHECK(result.loaded->config.integrations[0].name == "log");
    CHECK(result.loaded->ruleset->policy.pagers.front().integration == "log");
    CHECK(result.loaded->ruleset->policy.announce == std::vector<std::string>{"log"});
    CHECK(says(result, "no pager can reach a person"));
}

TEST_CASE("a changed threshold changes the content hash, a changed citation does not") {
    MemoryFiles files = example();
    const auto hash = [&] {
        return load("/etc/tocsin/tocsin.yaml", files, today).loaded->ruleset->rules[0].content_hash;
    };
    const auto replace = [&](const std::string& from, const std::string& to) {
        std::string& text = files.files["/etc/tocsin/rules/a.yaml"];
        text.replace(text.find(from), from.size(), to);
    };
    const std::uint64_t before = hash();
    replace("Events being < 5 minutes behind", "Events being late");
    CHECK(hash() == before);
    replace("> 5m", "> 6m");
    CHECK(hash() != before);
}

TEST_CASE("the published Prometheus rules of PostHog load as they are") {
    const char* shared = std::getenv("TOCSIN_SHARED");
    const std::string path =
        std::string(shared != nullptr ? shared : "../shared") + "/rule-files/posthog-alerts.yaml";
    if (!std::filesystem::exists(path)) {
        MESSAGE("skipped: the shared rule files are not here");
        return;
    }
    const LoadResult result = load_rules({path}, DiskFiles());
    CHECK(errors_of(result) == "");
    REQUIRE(result.loaded);
    CHECK(result.loaded->ruleset->rules.size() > 20);
    CHECK(result.loaded->ruleset->rules[0].kind == core::RuleKind::prometheus_alert);
    CHECK(result.loaded->ruleset->rules[0].hold_for == minutes(10));
}

TEST_CASE("the shipped handbook rules load without an error") {
    const LoadResult result = load_rules({"rules/handbook.yaml"}, DiskFiles());
    CHECK(errors_of(result) == "");
    CHECK(says(result, "is a name that you still have to map"));
}

TEST_CASE(
    "the shipped on-call file has the handbook's three shifts, and all whom its rules name "
    "[H-71]") {
    MemoryFiles files;
    files.files = {{"t.yaml", "data_dir: d\nrules: [handbook.yaml]\noncall: oncall.yaml\n"},
                   {"handbook.yaml", slurp("rules/handbook.yaml")},
                   {"oncall.yaml", slurp("deploy/oncall.example.yaml")}};
    const LoadResult result = load("t.yaml", files, today);
    CHECK(errors_of(result) == "");
    REQUIRE(result.loaded);
    CHECK_FALSE(says(result, "unknown"));
    for (const schema::Diagnostic& one : result.diagnostics.sorted()) {
        CHECK_MESSAGE(one.file != "oncall.yaml", one.message);
    }
    const core::Roster& roster = result.loaded->ruleset->roster;
    for (int day = 0; day < 400; ++day) {
        for (const int hour : {0, 8, 16}) {
            const Instant at =
                std::chrono::floor<std::chrono::days>(today) + hours(24 * day + hour);
            CHECK(roster.on_call(at).size() == 1);
            CHECK(roster.level(1, at).size() == 2);
        }
    }
}

TEST_CASE("a gap, an overlap and a level that asks nobody are refused [H-72]") {
    const auto refused = [](const std::string& layers, const std::string& level) {
        schema::Diagnostics diagnostics;
        (void)compile_oncall("o.yaml",
                             "people: [{name: a}, {name: b}]\nteams: {t: []}\nschedules: [{name: "
                             "s, layers: [" +
                                 layers + "]}]\nescalation: [{notify: [" + level + "]}]\n",
                             {}, diagnostics);
        return diagnostics.has_errors();
    };
    const std::string day = "{people: [a], hours: '08:00-20:00'}, ";
    CHECK_FALSE(refused(day + "{people: [b], hours: '20:00-08:00'}", "schedule/s"));
    CHECK(refused(day + "{people: [b], hours: '20:01-08:00'}", "schedule/s"));
    CHECK(refused(day + "{people: [b], hours: '19:59-08:00'}", "schedule/s"));
    CHECK(refused(day + "{people: [b], hours: '20:00-08:00'}", "team/t"));
    CHECK(refused("{people: [a, b]}", "schedule/s#others"));
}

TEST_CASE("the schema that editors find beside the rules is the one of the tables") {
    const auto table = settings_of("rules");
    REQUIRE(table);
    // Written by `tocsin schema rules > rules/schema.json`.
    CHECK(schema::json_schema(*table, "tocsin rules") == slurp("rules/schema.json"));
}

TEST_CASE("Prometheus alerts of one name become rules of their own") {
    MemoryFiles files;
    files.files = {{"r.yaml",
                    "groups:\n- name: g\n  rules:\n"
                    "  - {alert: Full, expr: disk > 80, labels: {severity: warning}}\n"
                    "  - {alert: Full, expr: disk > 95, labels: {severity: critical}}\n"}};
    const LoadResult result = load_rules({"r.yaml"}, files);
    REQUIRE(result.loaded);
    const auto& rules = result.loaded->ruleset->rules;
    REQUIRE(rules.size() == 2);
    CHECK(rules[0].name == "Full");
    CHECK(rules[1].name == "Full#2");
    CHECK(rules[1].alertname == "Full");
    CHECK(rules[0].content_hash != rules[1].content_hash);
}

/// Flips, cuts and repeats bytes of a sound text.
std::string mutated(std::string text, std::mt19937& random) {
    const auto below = [&](std::size_t most) { return random() % (most + 1); };
    for (std::size_t i = below(3) + 1; i > 0 && !text.empty(); --i) {
        const std::size_t at = below(text.size() - 1);
        const std::size_t length = below(std::min<std::size_t>(40, text.size() - at));
        const std::string piece = text.substr(at, length);
        constexpr std::string_view marks = "\"'[]{}:,-|>&*!#%@`\n\t \x01\xff";
        switch (below(3)) {
            case 0:
                text[at] = marks[below(marks.size() - 1)];
                break;
            case 1:
                text.erase(at, length);
                break;
            case 2:
                text.insert(below(text.size()), piece);
                break;
            default:
                text.resize(at);
                break;
        }
    }
    return text;
}

TEST_CASE("no mutation of a sound file makes the loader crash or load in silence what is wrong") {
    std::mt19937 random(20260301);
    const MemoryFiles sound = example();
    const std::vector<std::string> names{"/etc/tocsin/tocsin.yaml", "/etc/tocsin/rules/a.yaml",
                                         "/etc/tocsin/oncall.yaml"};
    for (int round = 0; round < 2400; ++round) {
        MemoryFiles files = sound;
        std::string& text = files.files[names[static_cast<std::size_t>(round) % names.size()]];
        text = mutated(text, random);
        const LoadResult result = load("/etc/tocsin/tocsin.yaml", files, today);
        CHECK(result.loaded.has_value() == !result.diagnostics.has_errors());
        for (const schema::Diagnostic& one : result.diagnostics.sorted()) {
            const auto found = result.texts.find(one.file);
            const std::string_view source =
                found == result.texts.end() ? std::string_view() : std::string_view(found->second);
            CHECK_FALSE(schema::render(one, source).empty());
        }
    }
}

}  // namespace
}  // namespace tocsin::config
