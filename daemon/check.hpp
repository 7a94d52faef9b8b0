#pragma once
// `tocsin check` and `tocsin schema`: what is wrong with the files, and what may stand in them.

#include <string>
#include <vector>

namespace tocsin::daemon {

struct CheckOptions {
    std::string config;                   // tocsin.yaml; empty: only the rule files
    std::vector<std::string> rule_files;  // checked beside it, or alone
};

/// Prints every problem of every file and a summary line. 0: no errors (warnings allowed), 1: some,
/// 2: neither a config nor a rule file was named.
[[nodiscard]] int check(const CheckOptions& options);

/// `what` is config, rules or oncall. Prints JSON Schema (draft-07), or Markdown; 2: unknown
/// `what`.
[[nodiscard]] int schema(const std::string& what, bool markdown);

}  // namespace tocsin::daemon
