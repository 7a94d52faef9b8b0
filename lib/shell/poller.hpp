#pragma once
// Poller: asks Prometheus sources the rules' expressions at slot times, Alertmanagers their lists.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "core/ruleset.hpp"
#include "shell/heartbeat.hpp"
#include "shell/net.hpp"
#include "shell/report.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

/// A source of kind prometheus or alertmanager as configured.
struct PolledSource {
    std::string name;
    core::Source::Kind kind = core::Source::Kind::prometheus;
    std::string url;                  // without a trailing slash
    Duration delay = seconds(5);      // prometheus: asked about this long before the slot
    Duration timeout = seconds(10);   // total, of one request
    Duration interval = seconds(60);  // alertmanager: how often its list is asked
    std::vector<std::pair<std::string, Secret>> headers;
    int queries_max = 4;       // prometheus: under way at once
    std::string expect_alert;  // alertmanager: its presence is told to the heartbeat
};

struct PollStatistics {
    std::string source;
    std::uint64_t asked = 0;         // polls that were begun (repeated requests not counted)
    std::uint64_t failed = 0;        // of these, without a complete answer
    std::uint64_t repeated = 0;      // requests sent a second time at once
    std::uint64_t slots_missed = 0;  // skipped because the one before was not over
    std::size_t waiting = 0;         // for a free request
    std::size_t in_flight = 0;
};

/// A rule's slots are k·interval + (hash of its name mod interval): the same after every restart,
/// and spread (Prometheus' groups do the same). At slot S a source is asked for the value at
/// S − delay, and that instant is Evaluated.at (with `agree: all`, S minus the longest delay).
/// A slot whose predecessor is still under way, or not yet committed, is skipped and counted. Every
/// evaluation is reported, step() decides that nothing changed. All members are called from tasks
/// of the Runtime.
class Poller {
public:
    /// All references must outlive the Poller.
    Poller(Runtime& runtime, Net& net, Heartbeat& heartbeat, Report report);

    /// Start and reload; sources of kind push are ignored. Slots do not move by a reload; answers
    /// to a rule that has changed meanwhile are dropped.
    void load(core::RulesetPtr ruleset, std::vector<PolledSource> sources);

    /// Intake's word on every firing alert pushed by this source, given before the alert is
    /// stepped: a list that was asked before the alert was pushed must not resolve it, so
    /// each AlertsListed also holds what was pushed since the list before it was asked. Cheap for
    /// sources that are not polled.
    void alert_pushed(std::string_view source, std::uint64_t fingerprint);

    /// Adds what was pushed meanwhile; to be called when the event joins the engine's queue:
    /// whatever is pushed later is stepped later.
    void amend(core::AlertsListed& listed) const;

    /// Asks nothing more; answers under way are dropped.
    void stop();

    [[nodiscard]] std::vector<PollStatistics> statistics() const;  // by source name

private:
    class Desk;
    std::shared_ptr<Desk> desk_;
};

}  // namespace tocsin::shell
