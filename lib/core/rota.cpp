// Hand-over notes, morning lists, and what owners have been told already.
#include "core/rota.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "core/notices.hpp"

namespace tocsin::core {
namespace {

using Names = std::vector<std::string>;

std::optional<Instant> list_due(const Policy& policy, const Rota& rota) {
    if (!rota.cleared_since) return std::nullopt;
    // Without working hours any time is as good as another.
    return next_beginning(policy.working_hours, *rota.cleared_since).value_or(*rota.cleared_since);
}

Names without(const Names& names, const Names& others) {
    Names left;
    for (const std::string& name : names) {
        if (std::find(others.begin(), others.end(), name) == others.end()) left.push_back(name);
    }
    return left;
}

void add_line(std::string& text, std::size_t& count, const std::string& line) {
    if (++count > limits::incidents_listed_max) return;
    text += (text.empty() ? "" : "; ") + line;
}

std::string closed_list(std::string text, std::uint64_t unlisted) {
    if (unlisted > 0) text += "; and " + std::to_string(unlisted) + " more";
    return text;
}

// Everybody who comes on call learns what they take over; its timeline keeps who had it when.
void hand_over(Draft& draft, const Names& before, const Names& now) {
    const Names coming = without(now, before);
    if (coming.empty()) return;
    std::string open;
    std::size_t count = 0;
    const std::string change = join_names(before) + " -> " + join_names(now);
    for (const auto& [number, incident] : draft.state().incidents) {
        if (!is_open(incident.state)) continue;
        add_line(open, count, line_about(incident));
        if (count <= limits::incidents_listed_max) {
            draft.note(number, "tocsin", "handover", "on call: " + change);
        }
    }
    if (count == 0) return;
    if (count > limits::incidents_listed_max) {
        open = closed_list(std::move(open), count - limits::incidents_listed_max);
    }
    notify_outside(draft, coming, "You are on call now",
                   "taking over from " + join_names(before) + ", open: " + open, false);
}

void list_what_cleared(Draft& draft, Rota& rota) {
    std::string text;
    std::size_t count = 0;
    for (const std::string& line : rota.cleared) add_line(text, count, line);
    text = closed_list(std::move(text), rota.cleared_unlisted);
    rota.cleared.clear();
    rota.cleared_unlisted = 0;
    rota.cleared_since.reset();
    notify_outside(draft, draft.rules().roster.on_call(draft.now()),
                   "Incidents that closed by themselves",
                   "closed before anybody acknowledged them: " + text, true);
}

}  // namespace

void start_rota(Draft& draft) {
    if (!draft.state().rota.empty() || draft.rules().roster.people.empty()) return;
    draft.edit_rota().handed_over_at = draft.now();
}

void wake_rota(Draft& draft, Rota& rota) {
    const Roster& roster = draft.rules().roster;
    std::optional<Instant> handover = roster.next_handover(rota.handed_over_at);
    if (handover && *handover <= draft.now()) {
        const Names before = roster.on_call(rota.handed_over_at);
        rota.handed_over_at = draft.now();
        hand_over(draft, before, roster.on_call(draft.now()));
    }
    std::optional<Instant> list = list_due(draft.policy(), rota);
    if (list && *list <= draft.now()) list_what_cleared(draft, rota);
}

std::optional<Instant> rota_due(const Ruleset& rules, const Rota& rota) {
    std::optional<Instant> next = list_due(rules.policy, rota);
    if (rota.handed_over_at == Instant{}) return next;  // made for a list only: nobody is on call
    std::optional<Instant> handover = rules.roster.next_handover(rota.handed_over_at);
    if (handover && (!next || *handover < *next)) next = handover;
    return next;
}

void list_cleared(Draft& draft, const Incident& incident) {
    Rota& rota = draft.edit_rota();
    if (!rota.cleared_since) rota.cleared_since = draft.now();
    if (rota.cleared.size() >= limits::incidents_listed_max) {
        rota.cleared_unlisted += 1;
        return;
    }
    rota.cleared.push_back(line_about(incident));
}

bool may_tell_again(Draft& draft, const std::string& key) {
    Rota& rota = draft.edit_rota();
    std::erase_if(rota.told, [&](const Told& told) {
        return told.at + limits::tell_again_after <= draft.now();
    });
    const bool known = std::any_of(rota.told.begin(), rota.told.end(),
                                   [&](const Told& told) { return told.key == key; });
    if (known) return false;
    if (rota.told.size() >= limits::told_remembered_max) rota.told.erase(rota.told.begin());
    rota.told.push_back({key, draft.now()});
    return true;
}

std::string line_about(const Incident& incident) {
    std::string text = incident_id(incident.number) + " " + std::string(name(incident.severity)) +
                       " " + std::string(name(incident.state));
    if (!incident.lead.empty()) text += ", led by " + incident.lead;
    return text + ": " + incident.title;
}

}  // namespace tocsin::core
