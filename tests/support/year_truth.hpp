#pragma once
// What is really the case outside in the simulated year: the checker compares the engine with this.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/event.hpp"

namespace tocsin::year {

/// One thing that can break, as the rules of year_rules.cpp see it.
struct Trouble {
    std::string alertname;  // empty: the ingestion lag of `region`
    std::string region;
    std::string key;   // of the incident that it must become; empty: it is none
    std::string rule;  // that speaks of it
    core::Severity severity = core::Severity::none;
    bool never_suppress = false;

    [[nodiscard]] Labels labels() const;
};

[[nodiscard]] const std::vector<Trouble>& troubles();

struct TruthWindow {
    std::string name;
    std::string region;
    Instant announced_at;
    Instant from;
    Instant to;
};

class Truth {
public:
    void begins(std::size_t trouble, Instant at);
    void ends(std::size_t trouble, Instant at);
    void announce(TruthWindow window) { windows_.push_back(std::move(window)); }
    void end_window(const std::string& name, Instant at);
    /// A person declined the incident, or closed it by force: what holds now is spent.
    void spend(const std::set<std::string>& keys, Instant at);
    /// tocsin itself has trouble, of which an incident of this key may speak.
    void allow(const std::string& key) { own_.insert(key); }

    /// May an incident of this key open now by itself?
    [[nodiscard]] bool may_open(const std::string& key, Instant at) const;
    /// Keys of which an incident must be open now.
    [[nodiscard]] std::set<std::string> must_be_open(Instant at) const;
    /// A maintenance window ends just now: what outlived it is judged.
    [[nodiscard]] bool window_ended(Instant at) const;
    [[nodiscard]] Instant since(std::size_t trouble) const { return states_.at(trouble).since; }
    [[nodiscard]] bool holds(std::size_t trouble) const { return states_.at(trouble).holds; }

private:
    struct State {
        bool holds = false;
        Instant since;
        std::optional<Instant> over_since;
        core::Severity spent = core::Severity::none;
        bool maybe_spent =
            false;  // covered when it was: only the engine knows whether it took part
    };
    [[nodiscard]] bool is_covered(const Trouble& trouble, const State& state, Instant at) const;

    std::vector<State> states_ = std::vector<State>(troubles().size());
    std::vector<TruthWindow> windows_;
    std::set<std::string> own_;  // keys of what tocsin notices of itself
};

}  // namespace tocsin::year
