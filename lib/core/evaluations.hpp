#pragma once
// Evaluations: what an expression rule's answers do to its series (design §4.2 "Four answers").

#include <optional>
#include <string>
#include <vector>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

void see_evaluation(Draft& draft, const Evaluated& evaluated);

/// A rule that has been without data for five minutes while its source answers is raised.
void report_no_data_if_due(Draft& draft, RuleHealth& health);
[[nodiscard]] std::optional<Instant> no_data_due(const RuleHealth& health);

/// What every source that answered agrees on: per `per` value the least severe reading.
struct Agreement {
    SourceAnswer answer;
    std::vector<Labels> vetoed;  // seen by some, but not by every source that answered
};
[[nodiscard]] Agreement agree(const Rule& rule, const std::vector<SourceAnswer>& answers);

}  // namespace tocsin::core
