#pragma once
// HistoryWorld: the engine on real configuration files, peers that take or refuse, and a
// transcript.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/step.hpp"

namespace tocsin::support {

/// How an integration takes what is sent to it.
enum class Peer : std::uint8_t { up, down, refusing };

/// Moves a clock by hand as the shell would: timers, evaluations of rules that have been given
/// values, deliveries to peers. Everything that the engine decides becomes a line of the
/// transcript.
class HistoryWorld {
public:
    /// Text of a configuration file, by name; `tocsin.yaml` names the others.
    void set_file(const std::string& name, std::string text) { files_[name] = std::move(text); }
    void begin(Instant at);
    void load();
    /// The zone whose local times stand beside those of UTC.
    void show_zone(std::string zone) { zone_ = std::move(zone); }

    void pass_until(Instant until);
    core::StepOutcome send(const core::Event& event);
    void say(const std::string& line);
    void set_peer(const std::string& integration, Peer peer);
    /// The process ends and another one takes over what was on the disk.
    void restart();

    /// One source's answer to an expression rule from now on, asked at the rule's interval.
    void answer(const std::string& rule, core::SourceAnswer answer);
    void evaluate(const std::string& rule);
    void stop_evaluating(const std::string& rule) { answers_.erase(rule); }

    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] const core::State& state() const { return state_; }
    [[nodiscard]] std::string take_transcript() { return std::exchange(transcript_, {}); }
    [[nodiscard]] std::string moment() const;

    /// Alerts by what the script calls them, for their resolves.
    std::map<std::string, core::AlertSeen> alerts;

private:
    void tell(const core::StepOutcome& outcome);
    void deliver();
    bool deliver_one();
    void evaluate_if_due();
    [[nodiscard]] std::optional<Instant> next_evaluation() const;

    std::map<std::string, std::string> files_;
    core::State state_;
    Instant now_;
    Instant day_;
    std::string zone_;
    std::string transcript_;
    std::map<std::string, Peer> peers_;
    std::set<std::uint64_t> refused_connections_;  // deliveries that a peer which is down has
    std::map<std::string, std::vector<core::SourceAnswer>> answers_;
    std::map<std::string, Instant> evaluated_at_;
};

/// What one outcome says, a line each, without instants.
[[nodiscard]] std::vector<std::string> lines_of(const core::StepOutcome& outcome);

}  // namespace tocsin::support
