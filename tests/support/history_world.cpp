// Drives the engine as the shell does, from the files that users write.
#include "support/history_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "config/load.hpp"
#include "config/zones.hpp"
#include "support/files_memory.hpp"
#include "support/restart.hpp"

namespace tocsin::support {
namespace {

using namespace core;

Instant day_of(Instant at) {
    return std::chrono::floor<std::chrono::days>(at);
}

std::string clock_of(Instant at) {
    return format_rfc3339(at).substr(11, 8);
}

std::string day_name(Instant at) {
    static constexpr const char* names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday"};
    std::chrono::weekday day(std::chrono::floor<std::chrono::days>(at));
    return names[day.c_encoding()];
}

RulesetPtr load_files(const std::map<std::string, std::string>& texts, Instant now) {
    config::MemoryFiles files;
    files.files = texts;
    config::LoadResult result = config::load("tocsin.yaml", files, now);
    std::string problems;
    for (const schema::Diagnostic& one : result.diagnostics.sorted()) {
        if (one.level != schema::Level::error) continue;
        const auto text = result.texts.find(one.file);
        problems += schema::render(one, text == result.texts.end() ? "" : text->second);
    }
    REQUIRE_MESSAGE(result.loaded.has_value(), problems);
    return result.loaded->ruleset;
}

}  // namespace

void HistoryWorld::begin(Instant at) {
    now_ = at;
    state_.install_id = "install";
    say("-- " + day_name(now_) + " " + format_rfc3339(now_).substr(0, 10) + " --");
    day_ = day_of(now_);
    load();
}

void HistoryWorld::load() {
    send(RulesLoaded{load_files(files_, now_)});
}

void HistoryWorld::restart() {
    state_ = restarted(state_);
    load();
}

std::string HistoryWorld::moment() const {
    std::string text = clock_of(now_);
    if (!zone_.empty()) text += " (" + clock_of(config::to_local(zone_, now_)).substr(0, 5) + ")";
    return text;
}

void HistoryWorld::say(const std::string& line) {
    transcript_ += one_line(line) + "\n";
}

void HistoryWorld::tell(const StepOutcome& outcome) {
    std::vector<std::string> lines = lines_of(outcome);
    if (lines.empty()) return;
    if (day_of(now_) != day_) {
        day_ = day_of(now_);
        say("-- " + day_name(now_) + " " + format_rfc3339(now_).substr(0, 10) + " --");
    }
    for (const std::string& line : lines) say(moment() + " " + line);
}

StepOutcome HistoryWorld::send(const Event& event) {
    StepOutcome outcome = step(state_, event, now_);
    REQUIRE(is_consistent(state_));
    tell(outcome);
    deliver();
    return outcome;
}

// ---- time -----------------------------------------------------------------------------------

void HistoryWorld::pass_until(Instant until) {
    while (true) {
        std::optional<Instant> timer = next_wakeup(state_);
        std::optional<Instant> evaluation = next_evaluation();
        Instant next = until;
        if (timer) next = std::min(next, *timer);
        if (evaluation) next = std::min(next, *evaluation);
        now_ = std::max(now_, next);
        bool ticked = timer && *timer <= now_;
        if (ticked) send(Tick{});
        evaluate_if_due();
        bool idle = !ticked && !(evaluation && *evaluation <= now_);
        if (idle && now_ >= until) return;
    }
}

std::optional<Instant> HistoryWorld::next_evaluation() const {
    std::optional<Instant> next;
    for (const auto& [name, answers] : answers_) {
        const Rule* rule = state_.ruleset->find(name);
        if (rule == nullptr) continue;
        Instant due = evaluated_at_.at(name) + rule->interval;
        if (!next || due < *next) next = due;
    }
    return next;
}

void HistoryWorld::evaluate_if_due() {
    std::vector<std::string> due;
    for (const auto& [name, answers] : answers_) {
        const Rule* rule = state_.ruleset->find(name);
        bool is_due = rule != nullptr && evaluated_at_.at(name) + rule->interval <= now_;
        if (is_due) due.push_back(name);
    }
    for (const std::string& name : due) evaluate(name);
}

void HistoryWorld::answer(const std::string& rule, SourceAnswer answer) {
    std::vector<SourceAnswer>& known = answers_[rule];
    std::erase_if(known, [&](const SourceAnswer& one) { return one.source == answer.source; });
    known.push_back(std::move(answer));
}

void HistoryWorld::evaluate(const std::string& name) {
    const Rule* rule = state_.ruleset->find(name);
    REQUIRE_MESSAGE(rule != nullptr, "there is no rule " << name);
    evaluated_at_[name] = now_;
    const std::vector<SourceAnswer> answers = answers_.at(name);
    if (rule->agree_all) {
        send(Evaluated{name, rule->content_hash, now_, answers});
        return;
    }
    for (const SourceAnswer& one : answers) {
        send(Evaluated{name, rule->content_hash, now_, {one}});
    }
}

// ---- peers ----------------------------------------------------------------------------------

void HistoryWorld::set_peer(const std::string& integration, Peer peer) {
    peers_[integration] = peer;
    refused_connections_.clear();
    deliver();
}

void HistoryWorld::deliver() {
    while (deliver_one()) {
    }
}

/// One step with the first delivery that can go on; false when there is none.
bool HistoryWorld::deliver_one() {
    for (const auto& [id, delivery] : state_.deliveries) {
        const std::string& peer_name = delivery.effect.integration;
        const auto found = peers_.find(peer_name);
        const Peer peer = found == peers_.end() ? Peer::up : found->second;
        if (peer == Peer::down && !refused_connections_.insert(id).second) continue;
        const std::uint64_t number = id;
        const auto event = [&](const Event& it) {
            tell(step(state_, it, now_));
            REQUIRE(is_consistent(state_));
        };
        event(DeliveryStarted{number});
        if (peer == Peer::up) event(Delivered{number, "remote-" + std::to_string(number)});
        if (peer == Peer::refusing) event(DeliveryFailed{number, "403 Forbidden", true});
        if (peer == Peer::down) {
            say(moment() + "    .. " + peer_name + " cannot be reached");
            event(DeliveryFailed{number, "connection refused", false});
        }
        return true;
    }
    return false;
}

}  // namespace tocsin::support
