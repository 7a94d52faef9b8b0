// Watches the pagers that have been asked: when each counts as failing, and who is asked instead.
#include "core/supervision.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/escalation.hpp"
#include "core/pages.hpp"
#include "core/paging.hpp"

namespace tocsin::core {
namespace {

// From when on a pager counts as failing, if nothing changes.
struct Trouble {
    Instant due;
    std::string_view why;  // goes on after the pager's name
};

using Pages = std::vector<const Page*>;

Pages live_pages(const Incident& incident, std::string_view integration) {
    Pages found;
    for (const Page& page : incident.pages) {
        if (is_live(incident, page, integration)) found.push_back(&page);
    }
    return found;
}

bool is_asked(const Incident& incident, std::string_view integration) {
    return find_escalation(incident, integration) != nullptr ||
           !live_pages(incident, integration).empty();
}

Trouble trouble_of_service(const Policy& policy, const Pager& pager, const Page& page) {
    if (page.refused) return {page.last_ordered_at, "refuses the page"};
    if (!page.accepted_at) {
        return {page.ordered_at + policy.unreachable_after, "cannot be reached"};
    }
    const Trouble silent{*page.accepted_at + policy.fallback_after, "got no acknowledgement"};
    if (!pager.can_confirm) return silent;
    if (page.confirmed_at) {
        return {*page.confirmed_at + policy.fallback_after, "got no acknowledgement"};
    }
    const Trouble unconfirmed{*page.accepted_at + policy.confirm_within, "does not show the page"};
    return silent.due < unconfirmed.due ? silent : unconfirmed;
}

// Nobody has been reached, from then on; nullopt: somebody has.
std::optional<Trouble> reached_nobody(const Policy& policy, const Pages& pages) {
    Instant first = pages.front()->ordered_at;
    Instant last = first;
    bool all_refused = true;
    for (const Page* page : pages) {
        if (page->refused) {
            last = std::max(last, page->last_ordered_at);
            continue;
        }
        all_refused = false;
        if (page->accepted_at) return std::nullopt;
        first = std::min(first, page->ordered_at);
    }
    if (all_refused) return Trouble{last, "refuses the page"};
    return Trouble{first + policy.unreachable_after, "cannot be reached"};
}

std::optional<Trouble> trouble_of_levels(const Policy& policy, const Escalation& escalation,
                                         const Pages& pages) {
    if (escalation.round > 1) return Trouble{escalation.level_at, "got no answer from anybody"};
    if (pages.empty()) return std::nullopt;  // its first level is about to be asked
    if (std::optional<Trouble> nobody = reached_nobody(policy, pages)) return nobody;
    std::optional<Instant> accepted;
    for (const Page* page : pages) {
        if (page->accepted_at && (!accepted || *page->accepted_at < *accepted)) {
            accepted = page->accepted_at;
        }
    }
    return Trouble{*accepted + policy.fallback_after, "got no acknowledgement"};
}

std::optional<Trouble> trouble_of(const Policy& policy, const Incident& incident,
                                  const Pager& pager) {
    const Pages pages = live_pages(incident, pager.integration);
    if (const Escalation* escalation = find_escalation(incident, pager.integration)) {
        return trouble_of_levels(policy, *escalation, pages);
    }
    if (pages.empty()) return std::nullopt;
    return trouble_of_service(policy, pager, *pages.back());
}

// The last pager in the order of `use.page` that has been asked; null: none of those that are
// configured (they are gone after a reload).
const Pager* latest_asked(const Policy& policy, const Incident& incident) {
    const Pager* latest = nullptr;
    for (const Pager& pager : policy.pagers) {
        if (is_asked(incident, pager.integration)) latest = &pager;
    }
    return latest;
}

struct Next {
    const Pager* pager;
    Trouble trouble;
    std::string_view failing;
};

std::optional<Next> next_of(const Policy& policy, const Incident& incident) {
    if (policy.pagers.empty() || !is_asking(incident)) return std::nullopt;
    const Pager* latest = latest_asked(policy, incident);
    if (latest == nullptr) {
        return Next{
            &policy.pagers.front(), {incident.opened_at, "is configured no longer"}, "the pager"};
    }
    if (latest == &policy.pagers.back()) return std::nullopt;
    std::optional<Trouble> trouble = trouble_of(policy, incident, *latest);
    if (!trouble) return std::nullopt;
    return Next{latest + 1, *trouble, latest->integration};
}

bool somebody_is_next(const Policy& policy, const Incident& incident, const Pager& pager) {
    // Its levels go on, and say by themselves when they have come to their end.
    const Escalation* escalation = find_escalation(incident, pager.integration);
    if (escalation == nullptr || escalation->round > 1) return false;
    const Pages pages = live_pages(incident, pager.integration);
    return pages.empty() || !reached_nobody(policy, pages);
}

}  // namespace

bool is_asking(const Incident& incident) {
    return !incident.escalations.empty() ||
           std::any_of(incident.pages.begin(), incident.pages.end(),
                       [&](const Page& page) { return is_live(incident, page); });
}

void ask_pager(Draft& draft, Incident& incident, const Pager& pager, const std::string& text) {
    if (asks_people(draft.rules(), pager)) return begin_escalation(draft, incident, pager, text);
    order_page(draft, incident, pager, {}, text);
}

bool ask_next_pager_if_due(Draft& draft, Incident& incident) {
    std::optional<Next> next = next_of(draft.policy(), incident);
    if (!next || next->trouble.due > draft.now()) return false;
    ask_pager(draft, incident, *next->pager,
              incident.title + " (" + std::string(next->failing) + " " +
                  std::string(next->trouble.why) + ")");
    return true;
}

std::optional<Instant> next_pager_due(const Ruleset& rules, const Incident& incident) {
    std::optional<Next> next = next_of(rules.policy, incident);
    if (!next) return std::nullopt;
    return next->trouble.due;
}

void mark_unanswered_if_due(Draft& draft, Incident& incident) {
    std::optional<Instant> due = unanswered_due(draft.rules(), incident);
    if (!due || *due > draft.now()) return;
    incident.unanswered_since = draft.now();
    const std::string text =
        "nobody answers: everybody who can be asked has been asked in vain, "
        "and is asked again until somebody acknowledges";
    draft.note(incident.number, "tocsin", "unanswered", text);
    announce(draft, incident, text);
}

std::optional<Instant> unanswered_due(const Ruleset& rules, const Incident& incident) {
    if (incident.unanswered_since || !is_asking(incident)) return std::nullopt;
    for (const Escalation& escalation : incident.escalations) {
        const bool in_vain = !live_pages(incident, escalation.integration).empty();
        if (escalation.round > 1 && in_vain) return escalation.level_at;
    }
    if (rules.policy.pagers.empty()) return incident.opened_at;
    const Pager* latest = latest_asked(rules.policy, incident);
    if (latest != &rules.policy.pagers.back()) return std::nullopt;  // there is one left to ask
    if (somebody_is_next(rules.policy, incident, *latest)) return std::nullopt;
    std::optional<Trouble> trouble = trouble_of(rules.policy, incident, *latest);
    if (!trouble) return std::nullopt;
    return trouble->due;
}

}  // namespace tocsin::core
