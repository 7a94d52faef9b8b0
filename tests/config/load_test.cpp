// Loading whole configurations: the design's examples, defaults, real rule files, mutations.
#include "config/load.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "config/schemas.hpp"
#include "schema/publish.hpp"
#include "support/files_memory.hpp"

namespace tocsin::config {
namespace {

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
    const LoadResult result = load("/etc/tocsin/tocsin.yaml", example());
    CHECK(errors_of(result) == "");
    REQUIRE(result.loaded);
    const Config& config = result.loaded->config;
    CHECK(config.instance == "prod");
    CHECK(config.tokens.size() == 2);
    CHECK(config.tokens[0].token.reveal() == "am-token");
    CHECK(config.sources.size() == 4);
    CHECK(config.rule_files == std::vector<std::string>{"/etc/tocsin/rules/a.yaml"});
    CHECK(config.maintenance.size() == 1);
    CHECK(config.maintenance[0].to - config.maintenance[0].from == hours(2));
    REQUIRE(config.people);
    CHECK(config.people->people.size() == 5);
    CHECK(config.people->schedules[0].layers[1].hours == Hours{.from = 16 * 60, .to = 0});
    CHECK(says(result, "`maintenance` is not acted upon yet"));
    CHECK(says(result, "sources of kind scrape are not acted upon yet"));
    const core::Policy& policy = result.loaded->ruleset->policy;
    CHECK(policy.pagers.front().integration == "pager");
    CHECK(policy.minor.page == core::PageWhen::never);
    CHECK(policy.major.update_every == minutes(30));
}

TEST_CASE("the design's rules compile to ladders in the rule's unit") {
    const LoadResult result = load("/etc/tocsin/tocsin.yaml", example());
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
    const LoadResult result = load("t.yaml", files);
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
    const LoadResult result = load("t.yaml", files);
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
        return load("/etc/tocsin/tocsin.yaml", files).loaded->ruleset->rules[0].content_hash;
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
        const LoadResult result = load("/etc/tocsin/tocsin.yaml", files);
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
