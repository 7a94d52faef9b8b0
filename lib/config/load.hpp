#pragma once
// Load: every configuration file -> one immutable value, or all that is wrong with the files.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/files.hpp"
#include "schema/diagnostic.hpp"

namespace tocsin::config {

struct LoadOptions {
    /// False: credentials that only systemd can pass are warned of where it does not (`check` by a
    /// person at a terminal), instead of refused.
    bool credentials_needed = true;
};

struct LoadResult {
    std::optional<Loaded> loaded;  // absent if there is any error
    schema::Diagnostics diagnostics;
    std::map<std::string, std::string> texts;  // of every file that could be read, for render()
};

/// Reads tocsin.yaml, the rule files that it names and oncall.yaml. Relative paths in it are
/// relative to its folder. The ruleset comes indexed, with schedules, working hours and windows
/// expanded around `now` (expand.hpp); nothing else depends on it.
[[nodiscard]] LoadResult load(const std::string& config_path, const Files& files, Instant now,
                              const LoadOptions& options = {});

/// Rule files alone (`tocsin check FILE…`, `tocsin test`): without sources and integrations, with
/// the default policy; `expr` rules then run nowhere.
[[nodiscard]] LoadResult load_rules(const std::vector<std::string>& rule_files, const Files& files);

}  // namespace tocsin::config
