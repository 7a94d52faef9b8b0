#pragma once
// Rule files -> the rules of a Ruleset, in deciding order, with what is wrong across files.

#include <map>
#include <string>
#include <vector>

#include "config/compile_rule.hpp"
#include "config/oncall.hpp"
#include "core/ruleset.hpp"
#include "schema/diagnostic.hpp"

namespace tocsin::config {

/// Compiles the files, in order, into `ruleset` (rules, digest, handbook); `texts` holds their
/// contents. `sources` and `people` are null when nothing is known of them.
void compile_rules(const std::vector<std::string>& paths,
                   const std::map<std::string, std::string>& texts, const KnownSources* sources,
                   const Oncall* people, core::Ruleset& ruleset, schema::Diagnostics& diagnostics);

}  // namespace tocsin::config
