#pragma once
// The parts of one batch between stepping and committing; included by the engine's own files only.

#include <vector>

#include "shell/engine.hpp"

namespace tocsin::shell {

/// One step that changed something. Its changes and verdicts move into the Batch, as ranges.
struct Engine::Step {
    const core::Event* cause = nullptr;  // null: timers
    std::size_t input = 0;               // of `inputs`; past their end for timers
    core::StepOutcome outcome;
    std::vector<std::uint64_t>
        sending;  // deliveries that leave in the transaction that orders them
    std::size_t changes_begin = 0, changes_end = 0;
    std::size_t verdicts_begin = 0, verdicts_end = 0;
};

struct Engine::Stepped {
    Instant now;
    core::Counters counters_before;
    core::RulesetPtr ruleset_before;
    std::vector<Input> inputs;
    std::vector<Answer> answers;   // one for each input
    std::vector<bool> has_effect;  // did the input change anything?
    std::vector<Step> steps;
};

}  // namespace tocsin::shell
