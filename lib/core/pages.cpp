// Keeps one record per page, and orders what its pager is to be told.
#include "core/pages.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "core/links.hpp"

namespace tocsin::core {
namespace {

void send(Draft& draft, const Incident& incident, const Page& page, Action action, std::string key,
          const std::string& text) {
    draft.order(Effect{.key = std::move(key),
                       .page_key = page.key,
                       .integration = page.integration,
                       .action = action,
                       .person = page.person,
                       .address = page.address,
                       .text = text,
                       .link = link_to(draft.policy(), incident),
                       .incident = incident});
}

// The outside's idempotency key: unique for every order, the same for every try of one.
std::string order_key(const Page& page, Action action) {
    std::string key = page.key + "/" + std::string(name(action));
    return page.orders == 1 ? key : key + "-" + std::to_string(page.orders);
}

// "engineer-a by mail"; the pager alone where it finds somebody itself.
std::string addressee(const Page& page) {
    return page.person.empty() ? page.integration : page.person + " by " + page.integration;
}

// The oldest of an earlier episode goes first, then one that is over: a live one must stay.
void make_room(Incident& incident) {
    std::vector<Page>& pages = incident.pages;
    if (pages.size() < limits::pages_per_incident_max) return;
    auto oldest = std::find_if(pages.begin(), pages.end(),
                               [&](const Page& page) { return page.episode != incident.episode; });
    if (oldest == pages.end()) {
        oldest = std::find_if(pages.begin(), pages.end(),
                              [&](const Page& page) { return !is_live(incident, page); });
    }
    if (oldest == pages.end()) oldest = pages.begin();
    pages.erase(oldest);
}

// Told to the pager unless it has certainly never heard of this page.
void tell_pager(Draft& draft, const Incident& incident, const Page& page, Action action,
                const std::string& text) {
    bool unsent = drop_unsent(draft, incident, page);
    bool heard_of_it = page.accepted_at.has_value() || (!unsent && !page.refused);
    if (!heard_of_it) return;
    send(draft, incident, page, action, order_key(page, action), text);
}

}  // namespace

bool is_live(const Incident& incident, const Page& page) {
    return page.episode == incident.episode && page.severity == incident.severity &&
           !page.acknowledged_at && !page.resolved_at;
}

bool is_live(const Incident& incident, const Page& page, std::string_view integration) {
    return page.integration == integration && is_live(incident, page);
}

bool is_under_way(const Page& page) {
    if (page.refused) return false;
    return !page.last_accepted_at || *page.last_accepted_at < page.last_ordered_at;
}

void order_page(Draft& draft, Incident& incident, const Pager& pager, const Recipient& recipient,
                const std::string& text) {
    std::string key = page_key(draft, incident);
    if (!recipient.person.empty()) key += "/" + recipient.person;
    for (Page& page : incident.pages) {
        if (page.key != key || page.integration != pager.integration) continue;
        // A person lowered the severity and raised it again, or fell silent: the same page, anew.
        page.ordered_at = draft.now();
        page.accepted_at.reset();
        page.last_accepted_at.reset();
        page.confirmed_at.reset();
        page.acknowledged_at.reset();
        page.resolved_at.reset();
        page.address = recipient.address;
        return repeat_page(draft, incident, page, text);
    }
    make_room(incident);
    Page& page = incident.pages.emplace_back(Page{.key = std::move(key),
                                                  .integration = pager.integration,
                                                  .person = recipient.person,
                                                  .reach = pager.reach,
                                                  .episode = incident.episode,
                                                  .severity = incident.severity,
                                                  .ordered_at = draft.now(),
                                                  .last_ordered_at = draft.now(),
                                                  .address = recipient.address});
    draft.note(incident.number, "tocsin", "paged", "page to " + addressee(page) + ": " + text);
    send(draft, incident, page, Action::page, order_key(page, Action::page), text);
}

Page* find_live_page(Incident& incident, std::string_view integration, std::string_view person) {
    auto found = std::find_if(incident.pages.begin(), incident.pages.end(), [&](const Page& page) {
        return is_live(incident, page, integration) && page.person == person;
    });
    return found == incident.pages.end() ? nullptr : &*found;
}

void repeat_page(Draft& draft, const Incident& incident, Page& page, const std::string& text) {
    page.orders += 1;
    page.last_ordered_at = draft.now();
    page.refused = false;
    draft.note(
        incident.number, "tocsin", "paged",
        "page to " + addressee(page) + " again (" + std::to_string(page.orders) + "): " + text);
    send(draft, incident, page, Action::page, order_key(page, Action::page), text);
}

std::optional<Instant> repeat_due(const Policy& policy, const Page& page) {
    if (page.refused) return page.last_ordered_at + policy.repeat;
    if (is_under_way(page)) return std::nullopt;
    return *page.last_accepted_at + policy.repeat;
}

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

void acknowledge_page(Draft& draft, const Incident& incident, Page& page, const std::string& text) {
    page.acknowledged_at = draft.now();
    tell_pager(draft, incident, page, Action::acknowledge_page, text);
}

void resolve_page(Draft& draft, const Incident& incident, Page& page, const std::string& text) {
    page.resolved_at = draft.now();
    tell_pager(draft, incident, page, Action::resolve_page, text);
}

}  // namespace tocsin::core
