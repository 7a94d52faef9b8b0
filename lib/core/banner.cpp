// Who may switch the banner, and what it says.
#include "core/banner.hpp"

#include "base/text.hpp"
#include "core/links.hpp"
#include "core/notices.hpp"
#include "core/paging.hpp"

namespace tocsin::core {
namespace {

constexpr std::string_view only_if_critical =
    "\"If the incident is critical and clearly impacting users then it makes sense to also update "
    "the banner\"";

bool hits_users(const Incident& incident) {
    return incident.severity == Severity::critical && incident.communication_due;
}

// `https://status.example.com/x` as `status.example.com`.
std::string_view host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    return url.substr(0, url.find_first_of("/?#"));
}

std::string template_names(const Policy& policy) {
    std::string names;
    for (const BannerTemplate& one : banner_templates(policy)) {
        names += (names.empty() ? "" : ", ") + one.name;
    }
    return names;
}

// Empty: there is no text to take.
std::string text_wished(const Policy& policy, const SetBanner& wish) {
    const std::string text(trim(wish.text));
    for (const BannerTemplate& one : banner_templates(policy)) {
        if (text.empty() || text == one.name) return one.text;
    }
    return text;
}

// True if it has been refused.
bool refuse_by_role(Draft& draft, const Incident& incident, const std::string& by) {
    const std::string id = incident_id(incident.number);
    if (!hits_users(incident)) {
        const char* why = incident.severity == Severity::critical
                              ? " is critical, but customer communication is not due"
                              : " is not critical";
        draft.refuse("conflict", id + why + ": " + std::string(only_if_critical));
        return true;
    }
    if (incident.lead == by) return false;
    draft.refuse("conflict", incident.lead.empty()
                                 ? "nobody leads " + id +
                                       ", and only its lead switches the banner on; take "
                                       "the lead first (`lead`)"
                                 : "only the lead (" + incident.lead + ") switches the banner of " +
                                       id + " on; take the lead (`lead`), or ask them");
    return true;
}

// True if it has been refused.
bool refuse_text(Draft& draft, const std::string& text) {
    if (text.empty()) {
        draft.refuse("missing", "`text` is needed: no `status_page_url` is configured to link to",
                     "text");
        return true;
    }
    auto problem = banner_problem(text);
    if (!problem) return false;
    const std::string names = template_names(draft.policy());
    if (!names.empty()) problem->message += "; templates are: " + names;
    draft.refuse(problem->code, problem->message, "text");
    return true;
}

void change(Draft& draft, Incident& incident, const std::string& by, const std::string& text) {
    Banner& banner = incident.banner;
    banner.on = !text.empty();
    if (banner.on) banner.text = text;
    banner.by = by;
    banner.changed_at = draft.now();
    std::string done = banner.on ? "banner on: " + banner.text : "banner off";
    if (draft.policy().banner.empty()) done += " [written down only: no integration shows it]";
    draft.note(incident.number, by, "banner", done);
    announce(draft, incident, by + ": " + done);
    if (draft.policy().banner.empty()) return;
    const std::string thread = page_key(draft, incident);
    draft.order(
        Effect{.key = thread + "/banner-" + std::to_string(draft.state().counters.delivery + 1),
               .page_key = thread,
               .integration = draft.policy().banner,
               .action = Action::banner,
               .text = text,
               .link = link_to(draft.policy(), incident),
               .incident = incident});
}

}  // namespace

std::vector<BannerTemplate> banner_templates(const Policy& policy) {
    const std::string& url = policy.status_page_url;
    if (url.empty()) return {};
    const std::string more = " [More info](" + url + ").";
    return {{"generic", "We're experiencing technical difficulties. Check [" +
                            std::string(host_of(url)) + "](" + url + ") for updates."},
            {"delayed", "Event ingestion is currently delayed." + more},
            {"duplicated", "Recent events may be duplicated due to an error." + more}};
}

bool may_offer_banner(const Incident& incident) {
    return hits_users(incident) && !incident.banner.offered_at && !incident.banner.on;
}

std::string banner_offer(const Policy& policy, const Incident& incident) {
    const std::string generic = text_wished(policy, {});
    return "its lead may switch the banner on (tocsin banner " + incident_id(incident.number) +
           " on)" + (generic.empty() ? "" : ", which says by default: " + generic);
}

void offer_banner(Draft& draft, Incident& incident) {
    incident.banner.offered_at = draft.now();
    const std::string text =
        "critical, and customers feel it: " + banner_offer(draft.policy(), incident);
    draft.note(incident.number, "tocsin", "banner", text);
    tell_lead(draft, incident, incident.title + ": " + text);
}

void set_banner(Draft& draft, Incident& incident, const std::string& by, const SetBanner& wish) {
    if (!wish.on) {
        if (incident.banner.on) change(draft, incident, by, "");
        return;
    }
    const std::string text = text_wished(draft.policy(), wish);
    if (incident.banner.on && incident.banner.text == text) return;
    if (refuse_by_role(draft, incident, by) || refuse_text(draft, text)) return;
    change(draft, incident, by, text);
}

}  // namespace tocsin::core
