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
    int queries_max = 4;              // under way at once
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
};

/// Everything that a running daemon needs from its files; immutable, swapped by a reload.
struct Loaded {
    Config config;
    core::RulesetPtr ruleset;  // policy, sources and rules, indexed
    std::map<std::string, std::string> texts;  // path -> content of every file that was read
};

}  // namespace tocsin::config
