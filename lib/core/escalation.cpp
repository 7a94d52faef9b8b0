// Whom a pager of persons asks next, by the clock of each level.
#include "core/escalation.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "core/notices.hpp"

namespace tocsin::core {
namespace {

const Pager* configured(const Policy& policy, std::string_view integration) {
    auto found = std::find_if(policy.pagers.begin(), policy.pagers.end(),
                              [&](const Pager& pager) { return pager.integration == integration; });
    return found == policy.pagers.end() ? nullptr : &*found;
}

bool asks_everybody(const Roster& roster, const Escalation& escalation) {
    return escalation.round > 1 || escalation.level >= roster.escalation.size();
}

// Each once, who is asked first in front: a bound cuts off whoever no level names.
std::vector<std::string> everybody(const Roster& roster, Instant at) {
    std::vector<std::string> names;
    const auto add = [&](const std::vector<std::string>& more) {
        for (const std::string& name : more) {
            if (names.size() == limits::people_paged_max) return;
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
    };
    for (std::size_t level = 0; level < roster.escalation.size(); ++level) {
        add(roster.level(level, at));
    }
    add(roster.everybody());
    return names;
}

std::vector<Recipient> reachable(const Roster& roster, const Pager& pager,
                                 const std::vector<std::string>& names) {
    std::vector<Recipient> found;
    for (const std::string& name : names) {
        const Person* person = roster.find(name);
        if (person == nullptr || person->address(pager.address).empty()) continue;
        if (found.size() == limits::people_paged_max) break;
        found.push_back({name, person->address(pager.address)});
    }
    return found;
}

// Whoever has been asked before is not asked for entering another level; false: reaches nobody.
bool ask(Draft& draft, Incident& incident, const Pager& pager,
         const std::vector<std::string>& names, const std::string& text) {
    std::vector<Recipient> recipients = reachable(draft.rules().roster, pager, names);
    for (const Recipient& one : recipients) {
        if (find_live_page(incident, pager.integration, one.person) != nullptr) continue;
        order_page(draft, incident, pager, one, text);
    }
    return !recipients.empty();
}

// Louder: everybody, at once, whoever was asked before as well.
void begin_round(Draft& draft, Incident& incident, const Pager& pager, Escalation& escalation) {
    const Roster& roster = draft.rules().roster;
    escalation.round += 1;
    escalation.level = static_cast<std::uint32_t>(roster.escalation.size());
    escalation.level_at = draft.now();
    const std::string text =
        "nobody has answered (round " + std::to_string(escalation.round) + "): " + incident.title;
    std::vector<Recipient> recipients = reachable(roster, pager, everybody(roster, draft.now()));
    if (recipients.empty() && escalation.round == 2) {
        draft.note(incident.number, "tocsin", "unreachable",
                   pager.integration + " reaches nobody of the on-call file");
    }
    for (const Recipient& one : recipients) {
        Page* asked = find_live_page(incident, pager.integration, one.person);
        if (asked == nullptr) {
            order_page(draft, incident, pager, one, text);
        } else if (!is_under_way(*asked)) {
            asked->address = one.address;
            repeat_page(draft, incident, *asked, text);
        }
    }
}

std::string level_text(const Incident& incident, std::uint32_t level) {
    return incident.title + " (level " + std::to_string(level + 1) +
           ": nobody has acknowledged yet)";
}

// From the escalation's level on, the first one of whom the pager reaches somebody.
void enter_level(Draft& draft, Incident& incident, const Pager& pager, Escalation& escalation,
                 const std::string& text) {
    const Roster& roster = draft.rules().roster;
    for (; escalation.level < roster.escalation.size(); ++escalation.level) {
        const std::vector<std::string> names = roster.level(escalation.level, draft.now());
        escalation.level_at = draft.now();
        if (ask(draft, incident, pager, names, text)) return;
        draft.note(incident.number, "tocsin", "unreachable",
                   pager.integration + " reaches nobody of level " +
                       std::to_string(escalation.level + 1) + " (" + join_names(names) + ")");
    }
    begin_round(draft, incident, pager, escalation);
}

bool all_refused(const Incident& incident, std::string_view integration) {
    bool any = false;
    for (const Page& page : incident.pages) {
        if (!is_live(incident, page, integration)) continue;
        if (!page.refused) return false;
        any = true;
    }
    return any;
}

Instant level_due(const Ruleset& rules, const Incident& incident, const Escalation& escalation) {
    const std::vector<Level>& levels = rules.roster.escalation;
    if (asks_everybody(rules.roster, escalation)) {
        const Duration wait = levels.empty() ? Duration{0} : levels.back().wait;
        return escalation.level_at + std::max(wait, rules.policy.repeat);
    }
    if (all_refused(incident, escalation.integration)) return escalation.level_at;
    return escalation.level_at + levels[escalation.level].wait;
}

std::optional<Instant> hand_over_due(const Ruleset& rules, const Escalation& escalation) {
    if (asks_everybody(rules.roster, escalation)) return std::nullopt;
    return rules.roster.next_handover(escalation.on_call_at);
}

void ask_newcomers_of(Draft& draft, Incident& incident, const Pager& pager,
                      Escalation& escalation) {
    escalation.on_call_at = draft.now();
    for (std::uint32_t level = 0; level <= escalation.level; ++level) {
        ask(draft, incident, pager, draft.rules().roster.level(level, draft.now()),
            incident.title + " (on call from now on; nobody has acknowledged yet)");
    }
}

bool escalate_one_if_due(Draft& draft, Incident& incident, const Pager& pager,
                         Escalation& escalation) {
    const Ruleset& rules = draft.rules();
    if (std::optional<Instant> due = hand_over_due(rules, escalation); due && *due <= draft.now()) {
        ask_newcomers_of(draft, incident, pager, escalation);
        return true;
    }
    if (level_due(rules, incident, escalation) > draft.now()) return false;
    if (asks_everybody(rules.roster, escalation)) {
        begin_round(draft, incident, pager, escalation);
    } else {
        escalation.level += 1;
        enter_level(draft, incident, pager, escalation, level_text(incident, escalation.level));
    }
    return true;
}

// A page for nobody in particular, from before there were people to ask.
Page* find_unaddressed(const Ruleset& rules, Incident& incident) {
    for (const Pager& pager : rules.policy.pagers) {
        if (!asks_people(rules, pager)) continue;
        if (Page* page = find_live_page(incident, pager.integration, "")) return page;
    }
    return nullptr;
}

}  // namespace

bool asks_people(const Ruleset& rules, const Pager& pager) {
    return pager.reach == Reach::person && !rules.roster.people.empty();
}

std::vector<Recipient> first_asked(const Ruleset& rules, const Pager& pager, Instant at) {
    if (!asks_people(rules, pager)) return {Recipient{}};
    for (std::size_t level = 0; level < rules.roster.escalation.size(); ++level) {
        auto recipients = reachable(rules.roster, pager, rules.roster.level(level, at));
        if (!recipients.empty()) return recipients;
    }
    return reachable(rules.roster, pager, everybody(rules.roster, at));
}

const Escalation* find_escalation(const Incident& incident, std::string_view integration) {
    auto found = std::find_if(
        incident.escalations.begin(), incident.escalations.end(),
        [&](const Escalation& escalation) { return escalation.integration == integration; });
    return found == incident.escalations.end() ? nullptr : &*found;
}

void begin_escalation(Draft& draft, Incident& incident, const Pager& pager,
                      const std::string& text) {
    std::erase_if(incident.escalations, [&](const Escalation& escalation) {
        return escalation.integration == pager.integration;
    });
    Escalation& escalation =
        incident.escalations.emplace_back(Escalation{.integration = pager.integration,
                                                     .episode = incident.episode,
                                                     .severity = incident.severity,
                                                     .level_at = draft.now(),
                                                     .on_call_at = draft.now()});
    enter_level(draft, incident, pager, escalation, text);
}

bool escalate_if_due(Draft& draft, Incident& incident) {
    if (Page* unaddressed = find_unaddressed(draft.rules(), incident)) {
        const Pager* pager = configured(draft.policy(), unaddressed->integration);
        resolve_page(draft, incident, *unaddressed, "asked person by person from now on");
        begin_escalation(draft, incident, *pager, incident.title);
        return true;
    }
    if (draft.rules().roster.people.empty()) return false;
    for (Escalation& escalation : incident.escalations) {
        const Pager* pager = configured(draft.policy(), escalation.integration);
        if (pager == nullptr) continue;
        if (escalate_one_if_due(draft, incident, *pager, escalation)) return true;
    }
    return false;
}

void ask_newcomers(Draft& draft, Incident& incident) {
    const Ruleset& rules = draft.rules();
    for (Escalation& escalation : incident.escalations) {
        const Pager* pager = configured(rules.policy, escalation.integration);
        if (pager == nullptr || asks_everybody(rules.roster, escalation)) continue;
        ask_newcomers_of(draft, incident, *pager, escalation);
    }
}

std::optional<Instant> escalation_due(const Ruleset& rules, const Incident& incident) {
    if (rules.roster.people.empty()) return std::nullopt;
    std::optional<Instant> next;
    const auto consider = [&](std::optional<Instant> due) {
        if (due && (!next || *due < *next)) next = due;
    };
    for (const Page& page : incident.pages) {
        if (!page.person.empty() || !is_live(incident, page)) continue;
        const Pager* pager = configured(rules.policy, page.integration);
        if (pager != nullptr && asks_people(rules, *pager)) consider(page.ordered_at);
    }
    for (const Escalation& escalation : incident.escalations) {
        if (configured(rules.policy, escalation.integration) == nullptr) continue;
        consider(level_due(rules, incident, escalation));
        consider(hand_over_due(rules, escalation));
    }
    return next;
}

}  // namespace tocsin::core
