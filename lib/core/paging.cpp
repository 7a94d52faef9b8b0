// Orders pages, repetitions and fallbacks by the engine's clock; the lanes only carry them.
#include "core/paging.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "core/links.hpp"

namespace tocsin::core {
namespace {

bool should_page(const Policy& policy, const Incident& incident) {
    return page_when(policy, incident) != PageWhen::never;
}

// Of this episode and severity, and nobody has acknowledged or resolved it.
bool is_live(const Incident& incident, const Page& page) {
    return page.episode == incident.episode && page.severity == incident.severity &&
           !page.acknowledged_at && !page.resolved_at;
}

void send(Draft& draft, const Incident& incident, const Page& page, Action action, std::string key,
          const std::string& text) {
    draft.order(Effect{.key = std::move(key),
                       .page_key = page.key,
                       .integration = page.integration,
                       .action = action,
                       .person = page.person,
                       .text = text,
                       .link = link_to(draft.policy(), incident),
                       .incident = incident});
}

// The outside's idempotency key: unique for every order, the same for every try of one.
std::string order_key(const Page& page, Action action) {
    std::string key = page.key + "/" + std::string(name(action));
    return page.orders == 1 ? key : key + "-" + std::to_string(page.orders);
}

void order_again(Draft& draft, const Incident& incident, Page& page, const std::string& text) {
    page.orders += 1;
    page.last_ordered_at = draft.now();
    page.refused = false;
    draft.note(
        incident.number, "tocsin", "paged",
        "page to " + page.integration + " again (" + std::to_string(page.orders) + "): " + text);
    send(draft, incident, page, Action::page, order_key(page, Action::page), text);
}

void order_page(Draft& draft, Incident& incident, const Pager& pager, const std::string& text) {
    std::string key = page_key(draft, incident);
    for (Page& page : incident.pages) {
        if (page.key != key || page.integration != pager.integration) continue;
        // A person lowered the severity and raised it again: the same page, asked anew.
        page.ordered_at = draft.now();
        page.accepted_at.reset();
        page.last_accepted_at.reset();
        page.acknowledged_at.reset();
        page.resolved_at.reset();
        return order_again(draft, incident, page, text);
    }
    if (incident.pages.size() >= limits::pages_per_incident_max) {
        incident.pages.erase(incident.pages.begin());
    }
    Page& page = incident.pages.emplace_back(Page{.key = std::move(key),
                                                  .integration = pager.integration,
                                                  .reach = pager.reach,
                                                  .episode = incident.episode,
                                                  .severity = incident.severity,
                                                  .ordered_at = draft.now(),
                                                  .last_ordered_at = draft.now()});
    draft.note(incident.number, "tocsin", "paged", "page to " + pager.integration + ": " + text);
    send(draft, incident, page, Action::page, order_key(page, Action::page), text);
}

std::optional<Instant> repeat_due(const Policy& policy, const Page& page) {
    if (page.refused) return page.last_ordered_at + policy.repeat;
    bool delivered = page.last_accepted_at && *page.last_accepted_at >= page.last_ordered_at;
    if (!delivered) return std::nullopt;  // the lane is still trying
    return *page.last_accepted_at + policy.repeat;
}

// The pager that is asked when this one does not reach anybody, and from when on.
struct Fallback {
    const Pager* pager;
    Instant due;
    std::string_view why;
};

std::optional<Fallback> fallback_of(const Policy& policy, const Page& page) {
    auto asked = std::find_if(policy.pagers.begin(), policy.pagers.end(), [&](const Pager& pager) {
        return pager.integration == page.integration;
    });
    if (asked == policy.pagers.end()) {  // gone after a reload: start over with the first
        if (policy.pagers.empty()) return std::nullopt;
        return Fallback{&policy.pagers.front(), page.ordered_at, "is no longer configured"};
    }
    if (asked + 1 == policy.pagers.end()) return std::nullopt;
    const Pager* next = &*(asked + 1);
    if (page.refused) return Fallback{next, page.last_ordered_at, "refuses the page"};
    if (!page.accepted_at) {
        return Fallback{next, page.ordered_at + policy.unreachable_after, "cannot be reached"};
    }
    return Fallback{next, *page.accepted_at + policy.fallback_after, "got no acknowledgement"};
}

Page* last_live(Incident& incident) {
    auto found = std::find_if(incident.pages.rbegin(), incident.pages.rend(),
                              [&](const Page& page) { return is_live(incident, page); });
    return found == incident.pages.rend() ? nullptr : &*found;
}

// A page that was certainly not sent is taken back; true if there was one.
bool drop_unsent(Draft& draft, const Incident& incident, const Page& page) {
    auto of_incident = draft.state().deliveries_by_incident.find(incident.number);
    if (of_incident == draft.state().deliveries_by_incident.end()) return false;
    bool dropped = false;
    for (std::uint64_t id : of_incident->second) {
        const Delivery& delivery = draft.state().deliveries.at(id);
        if (delivery.state != DeliveryState::ready || delivery.effect.action != Action::page ||
            delivery.effect.page_key != page.key ||
            delivery.effect.integration != page.integration) {
            continue;
        }
        Delivery& unsent = draft.edit_delivery(id);
        unsent.state = DeliveryState::dropped;
        unsent.finished_at = draft.now();
        dropped = true;
    }
    return dropped;
}

// Told to the pager unless it has certainly never heard of this page.
void tell_pager(Draft& draft, const Incident& incident, const Page& page, Action action,
                const std::string& text) {
    bool unsent = drop_unsent(draft, incident, page);
    bool heard_of_it = page.accepted_at.has_value() || (!unsent && !page.refused);
    if (!heard_of_it) return;
    send(draft, incident, page, action, order_key(page, action), text);
}

void resolve_page(Draft& draft, const Incident& incident, Page& page, const std::string& text) {
    page.resolved_at = draft.now();
    tell_pager(draft, incident, page, Action::resolve_page, text);
}

Page* page_of(Incident& incident, const Delivery& delivery) {
    auto found = std::find_if(incident.pages.begin(), incident.pages.end(), [&](const Page& page) {
        return page.key == delivery.effect.page_key &&
               page.integration == delivery.effect.integration &&
               page.person == delivery.effect.person;
    });
    return found == incident.pages.end() ? nullptr : &*found;
}

void ask_fallback_if_due(Draft& draft, Incident& incident) {
    Page* last = last_live(incident);
    if (last == nullptr) return;
    std::optional<Fallback> fallback = fallback_of(draft.policy(), *last);
    if (!fallback || fallback->due > draft.now()) return;
    for (const Page& page : incident.pages) {  // already asked: a chain does not go round
        if (is_live(incident, page) && page.integration == fallback->pager->integration) return;
    }
    order_page(draft, incident, *fallback->pager,
               incident.title + " (" + last->integration + " " + std::string(fallback->why) + ")");
}

}  // namespace

void start_paging(Draft& draft, Incident& incident, const std::string& text) {
    for (Page& page : incident.pages) {
        bool lower = page.episode == incident.episode && page.severity < incident.severity;
        if (lower && !page.resolved_at && drop_unsent(draft, incident, page) && !page.accepted_at) {
            page.resolved_at = draft.now();
        }
    }
    if (draft.policy().pagers.empty() || !should_page(draft.policy(), incident)) return;
    order_page(draft, incident, draft.policy().pagers.front(), text);
}

void page_again(Draft& draft, Incident& incident, const std::string& text) {
    const bool paged =
        std::any_of(incident.pages.begin(), incident.pages.end(), [&](const Page& page) {
            return page.episode == incident.episode && page.severity == incident.severity;
        });
    if (paged) start_paging(draft, incident, text);
}

void continue_paging(Draft& draft, Incident& incident) {
    ask_fallback_if_due(draft, incident);
    for (Page& page : incident.pages) {
        if (!is_live(incident, page)) continue;
        std::optional<Instant> due = repeat_due(draft.policy(), page);
        if (due && *due <= draft.now()) {
            order_again(draft, incident, page, "still unacknowledged: " + incident.title);
        }
    }
}

std::optional<Instant> paging_due(const Ruleset& rules, const Incident& incident) {
    const Policy& policy = rules.policy;
    std::optional<Instant> next;
    const auto consider = [&](std::optional<Instant> due) {
        if (due && (!next || *due < *next)) next = due;
    };
    const Page* last = nullptr;
    for (const Page& page : incident.pages) {
        if (!is_live(incident, page)) continue;
        consider(repeat_due(policy, page));
        last = &page;
    }
    if (last == nullptr) return next;
    std::optional<Fallback> fallback = fallback_of(policy, *last);
    bool asked =
        fallback &&
        std::any_of(incident.pages.begin(), incident.pages.end(), [&](const Page& page) {
            return is_live(incident, page) && page.integration == fallback->pager->integration;
        });
    if (fallback && !asked) consider(fallback->due);
    return next;
}

void page_accepted(Draft& draft, Incident& incident, const Delivery& delivery) {
    Page* page = page_of(incident, delivery);
    if (page == nullptr) return;
    bool first = !page->accepted_at;
    if (first) page->accepted_at = draft.now();
    page->last_accepted_at = draft.now();
    page->error.clear();
    draft.note(incident.number, "tocsin", "accepted", page->integration + " accepted the page");
    if (!first) return;
    for (Page& older : incident.pages) {
        if (older.episode == page->episode && older.severity < page->severity &&
            older.integration == page->integration && !older.resolved_at) {
            resolve_page(draft, incident, older, "replaced by a more severe page");
        }
    }
}

void page_refused(Draft& draft, Incident& incident, const Delivery& delivery) {
    Page* page = page_of(incident, delivery);
    if (page == nullptr) return;
    page->refused = true;
    page->error = delivery.error;
    draft.note(incident.number, "tocsin", "refused",
               page->integration + " refuses the page: " + delivery.error);
    if (is_open(incident.state)) ask_fallback_if_due(draft, incident);
}

void page_confirmed(Draft& draft, const PageConfirmed& confirmed) {
    auto held = draft.state().incidents.find(confirmed.incident);
    if (held == draft.state().incidents.end()) return;
    for (Page& page : draft.edit_incident(confirmed.incident).pages) {
        if (page.key != confirmed.page_key || page.integration != confirmed.integration) continue;
        if (!page.confirmed_at) page.confirmed_at = draft.now();
    }
}

void acknowledge_pages(Draft& draft, Incident& incident, const std::string& text) {
    for (Page& page : incident.pages) {
        if (!is_live(incident, page)) continue;
        page.acknowledged_at = draft.now();
        tell_pager(draft, incident, page, Action::acknowledge_page, text);
    }
}

void resolve_pages(Draft& draft, Incident& incident, const std::string& text) {
    for (Page& page : incident.pages) {
        if (!page.resolved_at) resolve_page(draft, incident, page, text);
    }
}

PageWhen page_when(const Policy& policy, const Incident& incident) {
    return incident.page != PageWhen::by_severity ? incident.page
                                                  : policy.of(incident.severity).page;
}

void announce(Draft& draft, const Incident& incident, const std::string& text) {
    for (const std::string& integration : draft.policy().announce) {
        std::string page = page_key(draft, incident);
        draft.order(
            Effect{.key = page + "/update-" + std::to_string(draft.state().counters.delivery + 1),
                   .page_key = page,
                   .integration = integration,
                   .action = Action::update,
                   .text = text,
                   .link = link_to(draft.policy(), incident),
                   .incident = incident});
    }
}

}  // namespace tocsin::core
