#pragma once
// Courier: carries deliveries to their integrations, each in a lane of its own, until accepted.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/effect.hpp"
#include "integrations/sink.hpp"
#include "shell/net.hpp"
#include "shell/report.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

/// How one lane (one integration) fares; totals count since the start of the process.
struct LaneStatistics {
    std::string integration;
    std::string kind;
    std::size_t queued = 0;     // not yet accepted, refused or dropped; in flight included
    std::size_t in_flight = 0;  // requests under way
    std::optional<Instant> oldest_undelivered;       // when the oldest of them was ordered
    std::optional<Instant> oldest_undelivered_page;  // the same, pages only
    std::uint64_t requests = 0;                      // requests that left, look-ups included
    std::uint64_t accepted = 0;                      // deliveries
    std::uint64_t failed = 0;                        // attempts that will be repeated
    std::uint64_t dead = 0;                          // deliveries refused for good
    bool peer_failing = false;                       // only probes are sent
};

/// The link of an effect with the key of whom it is for. Only the copy that goes out has it: what
/// is stored opens nothing. Empty: links go out as they are.
using SignLink = std::function<std::string(const core::Effect&)>;

/// Written against Runtime, Net and Random, so that the simulator runs it. All members are called
/// from tasks of the Runtime. What it promises (reference/reliability.md §5):
/// - Per (integration, incident) strict order, one request under way; integrations never hold each
///   other up; in one lane pages go before the rest, then the more severe, then the older.
/// - Nothing is sent before its `sending` is on disk, and nothing is sent twice under another key.
/// - A page is tried for as long as nobody drops it, for limits::delivery_not_after at most.
/// - An answer stays until its event is committed.
class Courier {
public:
    /// The three references and what `report` needs must outlive the Courier; completions that
    /// arrive after it are ignored.
    Courier(Runtime& runtime, Net& net, Random& random, Report report, SignLink sign_link = {});

    /// Start and reload. Requests under way are judged by the sink that made them, later attempts
    /// use the new one, at once. Deliveries of an integration that is gone are reported as failed
    /// for good, those under way when they are answered.
    void load(std::vector<integrations::Integration> integrations);

    /// Is the way free for this effect, so that the engine may commit it as `sending` in the
    /// transaction that orders it? A yes holds until the end of the current task, and counts
    /// against the next question.
    [[nodiscard]] bool would_send_now(const core::Effect& effect);

    /// A delivery that has just been committed: `sending` is sent at once, `ready` waits its turn,
    /// which begins with DeliveryStarted.
    void take(core::Delivery delivery);

    /// A delivery found in the store after a restart. `sending` is ambiguous: a sink with a look-up
    /// is asked first, others are sent again under the same key. Call in order of effect.id.
    void resume(core::Delivery delivery);

    /// Overtaken before it was sent. Ignored for one that may have been sent.
    void drop(std::uint64_t delivery_id);

    /// Starts nothing new; `done` is called once, when nothing is under way and every answer has
    /// been committed or refused. What is left is resumed by the next process.
    void drain(std::function<void()> done);

    /// In order of the configuration, lanes that are gone but not empty at the end.
    [[nodiscard]] std::vector<LaneStatistics> statistics() const;

private:
    class Desk;
    std::shared_ptr<Desk> desk_;
};

}  // namespace tocsin::shell
