// Starts, continues and ends the paging of an incident, whatever its pagers are.
#include "core/paging.hpp"

#include <algorithm>
#include <array>

#include "core/escalation.hpp"
#include "core/links.hpp"
#include "core/pages.hpp"
#include "core/supervision.hpp"

namespace tocsin::core {
namespace {

// "Monday 2026-03-02 09:00 UTC"
std::string appointment(Instant at) {
    constexpr std::array<std::string_view, 7> names = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
    const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(at));
    std::string text = format_rfc3339(at).substr(0, std::string_view("2026-03-02T09:00").size());
    text[text.find('T')] = ' ';
    return std::string(names.at(day.c_encoding())) + " " + text + " UTC";
}

// Each pass asks one level or one pager more, and there are only so many of them.
void advance(Draft& draft, Incident& incident) {
    while (escalate_if_due(draft, incident) || ask_next_pager_if_due(draft, incident)) {
    }
    mark_unanswered_if_due(draft, incident);
}

void page_now(Draft& draft, Incident& incident, const std::string& text) {
    if (draft.policy().pagers.empty()) return;
    ask_pager(draft, incident, draft.policy().pagers.front(), text);
    advance(draft, incident);
}

// What was under way for another severity, or is to begin anew, goes no further.
void stop_asking(Incident& incident) {
    incident.escalations.clear();
    incident.page_at.reset();
    incident.unanswered_since.reset();
}

void drop_lower_pages(Draft& draft, Incident& incident) {
    for (Page& page : incident.pages) {
        bool lower = page.episode == incident.episode && page.severity < incident.severity;
        if (lower && !page.resolved_at && drop_unsent(draft, incident, page) && !page.accepted_at) {
            page.resolved_at = draft.now();
        }
    }
}

bool is_current(const Incident& incident, const Page& page) {
    return page.episode == incident.episode && page.severity == incident.severity;
}

Page* page_of(Incident& incident, const Delivery& delivery) {
    auto found = std::find_if(incident.pages.begin(), incident.pages.end(), [&](const Page& page) {
        return page.key == delivery.effect.page_key &&
               page.integration == delivery.effect.integration &&
               page.person == delivery.effect.person;
    });
    return found == incident.pages.end() ? nullptr : &*found;
}

}  // namespace

void start_paging(Draft& draft, Incident& incident, const std::string& text) {
    drop_lower_pages(draft, incident);
    stop_asking(incident);
    switch (page_when(draft.policy(), incident)) {
        case PageWhen::never:
            return;
        case PageWhen::always:
        case PageWhen::by_severity:
            break;
        case PageWhen::working_hours: {
            const Instant at = next_inside(draft.policy().working_hours, draft.now());
            if (at <= draft.now()) break;
            incident.page_at = at;
            draft.note(incident.number, "tocsin", "waiting",
                       "the page waits for working hours (" + appointment(at) + ")");
            return;
        }
    }
    page_now(draft, incident, text);
}

void page_again(Draft& draft, Incident& incident, const std::string& text) {
    for (Page& page : incident.pages) {
        if (!is_current(incident, page)) continue;
        if (is_live(incident, page)) return;
        // To a service an acknowledged page is dealt with: only a new one under its key rings.
        if (page.reach == Reach::service && !page.resolved_at) {
            resolve_page(draft, incident, page, text);
        }
    }
    // Also when none of its pages is of this severity: a person has lowered it since.
    start_paging(draft, incident, text);
}

void continue_paging(Draft& draft, Incident& incident) {
    if (incident.page_at && *incident.page_at <= draft.now()) {
        incident.page_at.reset();
        page_now(draft, incident, incident.title);
    }
    advance(draft, incident);
    for (Page& page : incident.pages) {
        if (!is_live(incident, page)) continue;
        std::optional<Instant> due = repeat_due(draft.policy(), page);
        if (due && *due <= draft.now()) {
            repeat_page(draft, incident, page, "still unacknowledged: " + incident.title);
        }
    }
}

std::optional<Instant> paging_due(const Ruleset& rules, const Incident& incident) {
    std::optional<Instant> next = incident.page_at;
    const auto consider = [&](std::optional<Instant> due) {
        if (due && (!next || *due < *next)) next = due;
    };
    for (const Page& page : incident.pages) {
        if (is_live(incident, page)) consider(repeat_due(rules.policy, page));
    }
    consider(escalation_due(rules, incident));
    consider(next_pager_due(rules, incident));
    consider(unanswered_due(rules, incident));
    return next;
}

bool is_paging(const Incident& incident) {
    return incident.page_at.has_value() || is_asking(incident);
}

void carry_over_pages(Draft& draft) {
    std::vector<std::uint64_t> open;
    for (const auto& [number, incident] : draft.state().incidents) {
        if (is_open(incident.state) && !incident.escalations.empty()) open.push_back(number);
    }
    for (std::uint64_t number : open) {
        Incident& incident = draft.edit_incident(number);
        ask_newcomers(draft, incident);
        advance(draft, incident);
    }
}

void page_accepted(Draft& draft, Incident& incident, const Delivery& delivery) {
    Page* page = page_of(incident, delivery);
    if (page == nullptr) return;
    bool first = !page->accepted_at;
    if (first) page->accepted_at = draft.now();
    page->last_accepted_at = draft.now();
    page->error.clear();
    draft.note(incident.number, "tocsin", "accepted",
               page->integration + " accepted the page" +
                   (page->person.empty() ? "" : " to " + page->person));
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
               page->integration + " refuses the page" +
                   (page->person.empty() ? "" : " to " + page->person) + ": " + delivery.error);
    if (is_open(incident.state)) advance(draft, incident);
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
    stop_asking(incident);
    for (Page& page : incident.pages) {
        // Also one of a lower severity that is still open: its service would go on by itself.
        bool open = page.episode == incident.episode && !page.acknowledged_at && !page.resolved_at;
        if (open) acknowledge_page(draft, incident, page, text);
    }
}

void resolve_pages(Draft& draft, Incident& incident, const std::string& text) {
    stop_asking(incident);
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
