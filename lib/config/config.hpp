#pragma once
// Config: tocsin.yaml as one value, plus the ruleset and integrations that were compiled from it.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/labels.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "config/oncall.hpp"
#include "core/ruleset.hpp"
#include "integrations/sink.hpp"

namespace tocsin::config {

enum class May : std::uint8_t { alerts, read, command };

struct Token {
    std::string name;
    Secret token;
    std::vector<May> may;
    std::string source;  // empty: not bound to one
};

struct Expect {
    std::string alert;
    Duration within = minutes(5);
};

enum class SourceKind : std::uint8_t { prometheus, alertmanager, scrape, probe };

struct Source {
    std::string name;
    SourceKind kind = SourceKind::prometheus;
    std::string url;  // without a trailing slash
    Labels labels;
    Duration delay = seconds(5);
    Duration timeout = seconds(10);
    Duration interval = seconds(60);  // kind alertmanager: how often it is polled
    std::optional<Duration> silent_after;
    std::vector<std::pair<std::string, Secret>> headers;
    std::optional<Expect> expect;
    int queries_max = 4;                                  // under way at once
    std::vector<std::pair<std::string, Labels>> targets;  // kinds scrape and probe
};

/// Announced in advance; suppresses what matches between its instants.
struct Maintenance {
    std::string name;
    WrittenTime from;
    WrittenTime to;
    std::string time_zone = "UTC";     // of `from`, `to` and `until`, and kept by `every`
    std::optional<Duration> every;     // whole days; absent: once
    std::optional<WrittenTime> until;  // no occurrence begins from then on
    Labels match;
    std::vector<std::string> rules;  // empty: all
    std::string announcement;
    std::string by;
};

/// `use:` beyond page and announce, which stand in core::Policy.
struct Use {
    std::vector<std::string> declare;
    std::string status_page;
    std::string banner;
};

struct Retention {
    Duration journal = hours(24 * 7);
    Duration verdicts = hours(24 * 30);
};

struct Config {
    std::string instance = "tocsin";
    std::string public_url;
    std::string listen = "127.0.0.1:9120";
    bool allow_anonymous = false;
    std::string data_dir;
    std::vector<std::string> rules;       // globs as written
    std::vector<std::string> rule_files;  // what they matched, in order
    std::string oncall;
    std::vector<Token> tokens;
    std::vector<Source> sources;
    std::vector<integrations::Integration> integrations;
    Retention retention;
    Use use;
    std::optional<WorkingHours> working_hours;
    std::vector<Maintenance> maintenance;
    std::optional<Oncall> people;  // what the file `oncall` says
};

/// Everything that a running daemon needs from its files; immutable, swapped by a reload.
struct Loaded {
    Config config;
    core::RulesetPtr ruleset;                  // policy, sources and rules, indexed
    std::map<std::string, std::string> texts;  // path -> content of every file that was read
};

}  // namespace tocsin::config
