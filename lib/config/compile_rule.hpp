#pragma once
// One rule as written -> one core::Rule, with everything that is wrong with it.

#include <optional>
#include <string>
#include <vector>

#include "config/rule_file.hpp"
#include "config/scope.hpp"
#include "core/ruleset.hpp"

namespace tocsin::config {

/// What tocsin.yaml says of sources, for the rules' `source:`.
struct KnownSources {
    std::vector<std::string> metric;  // those that expressions run on
    std::vector<std::string> all;
};

/// What a rule is compiled with beside itself.
struct RuleContext {
    const Scope& scope;
    const KnownSources* sources;  // null: rule files alone, nothing is known of sources
    const GroupRow* group;        // null: the top-level `unmatched:`
    const std::vector<Text>* to_be_mapped;
};

/// Absent for `record:` rules, which are not evaluated yet.
[[nodiscard]] std::optional<core::Rule> compile_rule(const RuleRow& row,
                                                     const RuleContext& context);

/// Digest of everything that changes what the rule decides.
[[nodiscard]] std::uint64_t content_hash(const core::Rule& rule);

}  // namespace tocsin::config
