#pragma once
// EngineMeter: what the engine's commits mean for the metrics, counted from changes alone.

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "base/time.hpp"
#include "core/state.hpp"
#include "core/step.hpp"
#include "shell/metrics.hpp"

namespace tocsin::shell {

/// One step of a batch that is on disk.
struct CommittedStep {
    const core::Event* cause = nullptr;  // null: timers
    Instant received;                    // when the cause reached us
    std::span<const core::Change> changes;
    std::span<const core::Verdict> verdicts;
    std::span<const core::Effect> effects;
};

/// Costs O(what changed); told only of what is committed, so that nothing has to be taken back.
class EngineMeter {
public:
    explicit EngineMeter(Metrics& metrics) : metrics_(metrics) {}

    /// Once, with what the store gave back.
    void recovered(const core::State& state);
    void committed(const CommittedStep& step, Instant now);

private:
    void count(const core::Change& change);
    void count_incident(const core::Incident* before, const core::Incident* after);
    void count_window(const core::Window* before, const core::Window* after);
    void count_delivery(const core::Delivery* before, const core::Delivery* after);
    void time_to_declare(const CommittedStep& step, Instant now);
    void page_ordered(const CommittedStep& step);
    void page_answered(const core::Event& cause, Instant received);
    void show_oldest(const std::string& integration);

    Metrics& metrics_;
    std::map<std::string, std::multiset<Instant>> undelivered_;  // integration -> ordered at
    std::map<std::uint64_t, Instant> page_received_;             // delivery -> receipt of its cause
};

}  // namespace tocsin::shell
