// Composes the page of an incident: what a person who was woken needs, in the order of need.
#include "integrations/page_view.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/markup.hpp"
#include "integrations/page_parts.hpp"
#include "integrations/spoken.hpp"

namespace tocsin::integrations {
namespace {

namespace limits = core::limits;

using core::Incident;
using core::IncidentState;

std::string machine_time(Instant at) {
    return format_rfc3339(at);
}

/// `<time>2026-03-01 02:00:00 UTC</time>, 14 minutes ago`
void write_time(Html& html, Instant at, Instant now) {
    html.raw("<time datetime=\"").text(machine_time(at)).raw("\">").text(spoken(at));
    html.raw("</time>, ").text(ago(at, now));
}

void begin_section(Html& html, std::string_view heading) {
    html.raw("<section><h2>").text(heading).raw("</h2>");
}

void write_fact(Html& html, std::string_view name, std::string_view text) {
    if (text.empty()) return;
    html.raw("<dt>").text(name).raw("</dt><dd>");
    write_isolated(html, text);
    html.raw("</dd>");
}

std::string tone_of(const Incident& incident) {
    if (!core::is_open(incident.state)) return "over";
    if (incident.severity == core::Severity::none) return "plain";
    return std::string(core::name(incident.severity));
}

std::string title_of(const Incident& incident) {
    return truncate(incident.title, limits::page_title_bytes_max);
}

// ---- The head: how bad, what, since when

std::string state_of(const Incident& incident) {
    switch (incident.state) {
        case IncidentState::triage:
            return "nobody has acknowledged";
        case IncidentState::active:
            return "being worked on";
        case IncidentState::monitoring:
            return "fix in place, being watched";
        case IncidentState::closed:
            return "closed";
        case IncidentState::declined:
            return "declined: not an incident";
    }
    return {};
}

void write_since(Html& html, const Incident& incident, Instant now) {
    html.raw("<p>");
    if (!core::is_open(incident.state) && incident.closed_at) {
        html.text("Was open for ").raw("<strong>");
        html.text(roughly(*incident.closed_at - incident.opened_at)).raw("</strong>, until ");
        write_time(html, *incident.closed_at, now);
    } else {
        html.text("Open for ").raw("<strong>").text(roughly(now - incident.opened_at));
        html.raw("</strong>, since <time datetime=\"").text(machine_time(incident.opened_at));
        html.raw("\">").text(spoken(incident.opened_at)).raw("</time>");
        if (incident.episode > 1) {
            html.text(" (opened for the " + std::to_string(incident.episode) + ". time)");
        }
    }
    html.raw("</p>");
    if (incident.acknowledged_at) {
        html.raw("<p class=\"soft\">Acknowledged by ");
        write_isolated(html, incident.acknowledged_by);
        html.raw(", ").text(ago(*incident.acknowledged_at, now)).raw("</p>");
    }
    if (incident.merged_into != 0) {
        html.raw("<p>It was merged into <strong>");
        html.text(core::incident_id(incident.merged_into)).raw("</strong>.</p>");
    }
}

void write_header(Html& html, const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    html.raw("<header class=\"").text(tone_of(incident)).raw("\"><div class=\"in\">");
    html.raw("<p class=\"tags\"><span class=\"badge\">").text(core::name(incident.severity));
    html.raw("</span><span>").text(state_of(incident)).raw("</span><span>");
    html.text(core::incident_id(incident.number)).raw("</span></p><h1 dir=\"auto\">");
    html.text(title_of(incident)).raw("</h1>");
    write_since(html, incident, content.now);
    html.raw("</div></header>");
}

// ---- The forms. They carry no address: a form without one posts to the page's own, key and all.

void write_name_field(Html& html, const PageContent& content, std::string_view id) {
    if (!content.viewer.empty()) return;
    html.raw("<label for=\"").text(id).raw("\">Your name</label><input id=\"").text(id);
    html.raw("\" name=\"by\" required maxlength=\"100\" autocomplete=\"username\">");
}

void write_actions(Html& html, const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    if (!content.may_act || !core::is_open(incident.state)) return;
    const bool unacknowledged = !incident.acknowledged_at;
    const bool leads = !content.viewer.empty() && incident.lead == content.viewer;
    if (!unacknowledged && leads) return;
    html.raw("<section><form method=\"post\">");
    write_name_field(html, content, "by-act");
    html.raw("<div class=\"row\">");
    if (unacknowledged) {
        html.raw("<button class=\"first\" name=\"do\" value=\"ack\">Acknowledge</button>");
    }
    if (!leads) html.raw("<button name=\"do\" value=\"lead\">Take the lead</button>");
    html.raw("</div></form></section>");
}

void write_note_form(Html& html, const PageContent& content) {
    if (!content.may_act) return;
    begin_section(html, "Write a note");
    html.raw("<form method=\"post\">");
    write_name_field(html, content, "by-note");
    html.raw("<label for=\"note\">For the timeline, as it is: time and name are added</label>");
    html.raw("<textarea id=\"note\" name=\"text\" rows=\"3\" required></textarea>");
    html.raw("<button name=\"do\" value=\"note\">Add the note</button></form></section>");
}

// ---- What is wrong, and where to go

void write_what(Html& html, const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    begin_section(html, "What it is");
    write_measurement(html, content);
    if (!incident.cite.empty()) {
        html.raw("<blockquote dir=\"auto\">“")
            .text(truncate(incident.cite, limits::page_text_bytes_max))
            .raw("”</blockquote>");
    }
    if (incident.cause.empty() && incident.fix.empty()) {
        html.raw("</section>");
        return;
    }
    html.raw("<dl>");
    write_fact(html, "Cause", incident.cause);
    write_fact(html, "Fix", incident.fix);
    html.raw("</dl></section>");
}

void write_links(Html& html, const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    const std::vector<std::pair<std::string_view, std::string_view>> links = {
        {"Runbook", incident.runbook_url},
        {"Join the call", content.call_url},
        {"Source of the alert", incident.source_url}};
    if (std::all_of(links.begin(), links.end(), [](const auto& it) { return it.second.empty(); })) {
        return;
    }
    begin_section(html, "Where to go");
    html.raw("<div class=\"row\">");
    for (const auto& [name, url] : links) {
        if (!is_web_link(url)) continue;
        html.raw("<a class=\"button\" rel=\"noreferrer noopener\" href=\"").text(url).raw("\">");
        html.text(name).raw("</a>");
    }
    html.raw("</div><dl>");
    for (const auto& [name, url] : links) {
        if (!is_web_link(url)) write_fact(html, name, url);  // shown, but nothing to be clicked
    }
    html.raw("</dl></section>");
}

// ---- Who

void write_people(Html& html, const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    begin_section(html, "Who");
    html.raw("<dl>");
    write_fact(html, "Lead", incident.lead.empty() ? "nobody yet" : incident.lead);
    write_fact(html, "On call", join(content.on_call, ", "));
    write_fact(html, "Involved",
               join(incident.people.empty() ? incident.involve : incident.people, ", "));
    write_fact(html, "Declared by", incident.declared_by.empty() ? "tocsin" : incident.declared_by);
    write_fact(html, "Closed by", incident.closed_by);
    html.raw("</dl></section>");
}

void write_page_record(Html& html, const core::Page& page) {
    html.raw("<li><p>");
    write_isolated(
        html, page.person.empty() ? page.integration : page.person + " by " + page.integration);
    html.raw("</p><p class=\"soft small\">asked <time datetime=\"");
    html.text(machine_time(page.ordered_at)).raw("\">").text(spoken(page.ordered_at));
    html.raw("</time>");
    if (page.orders > 1) {
        html.text(", " + std::to_string(page.orders) + " times by now, the latest ");
        html.text(spoken(page.last_ordered_at));
    }
    html.text(page.accepted_at ? "; accepted " + spoken(*page.accepted_at)
              : page.refused   ? "; refused"
                               : "; not accepted yet");
    if (page.acknowledged_at) html.text("; acknowledged " + spoken(*page.acknowledged_at));
    if (page.resolved_at) html.text("; ended " + spoken(*page.resolved_at));
    html.raw("</p>");
    if (!page.error.empty()) {
        html.raw("<p class=\"small\">");
        write_isolated(html, page.error);
        html.raw("</p>");
    }
    html.raw("</li>");
}

void write_pages(Html& html, const PageContent& content) {
    const auto& pages = content.dossier.incident.pages;
    if (pages.empty()) return;
    begin_section(html, "Who was asked");
    html.raw("<ul>");
    for (auto page = pages.rbegin(); page != pages.rend(); ++page) write_page_record(html, *page);
    html.raw("</ul></section>");
}

// ---- What customers were told

void write_communication(Html& html, const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    const core::Communication& told = incident.communication;
    if (!incident.communication_due && !told.published_at && !incident.banner.on) return;
    begin_section(html, "Customers");
    html.raw("<dl>");
    if (told.published_at) {
        write_fact(html, "Status page", told.status + ", since " + spoken(*told.published_at));
        write_fact(html, "It says", told.message);
    } else if (incident.communication_due) {
        write_fact(html, "Due since",
                   spoken(*incident.communication_due) + "; nothing is on the status page yet");
        write_fact(html, "Draft", told.draft);
    }
    if (incident.banner.on) write_fact(html, "Banner", incident.banner.text);
    html.raw("</dl></section>");
}

// ---- Labels and timeline

void write_labels(Html& html, const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    begin_section(html, "Labels");
    html.raw("<dl class=\"labels\">");
    write_fact(html, "key", incident.key);
    write_fact(html, "rule", incident.rule);
    for (const auto& [name, value] : incident.labels) {
        html.raw("<dt>");
        write_isolated(html, name);
        html.raw("</dt><dd>");
        write_isolated(html, value);
        html.raw("</dd>");
    }
    std::vector<std::string> also;
    for (const std::uint64_t number : incident.also) also.push_back(core::incident_id(number));
    write_fact(html, "also open", join(also, ", "));
    html.raw("</dl></section>");
}

void write_entry(Html& html, const core::TimelineEntry& entry, const Measure& measure) {
    html.raw("<li><p class=\"soft small\"><time datetime=\"").text(machine_time(entry.at));
    html.raw("\">").text(spoken(entry.at)).raw("</time> · ");
    write_isolated(html, entry.by);
    html.raw(" · ").text(truncate(entry.what, limits::name_bytes_max));
    if (entry.value) html.raw(" · ").text(measured(*entry.value, measure.unit));
    html.raw("</p><p class=\"text\" dir=\"auto\">");
    html.text(truncate(entry.text, limits::page_text_bytes_max)).raw("</p></li>");
}

void write_timeline(Html& html, const PageContent& content) {
    const auto& timeline = content.dossier.timeline;
    begin_section(html, "What happened, newest first");
    html.raw("<ol>");
    std::size_t left = limits::page_entries_max;
    for (auto entry = timeline.rbegin(); entry != timeline.rend() && left > 0; ++entry, --left) {
        write_entry(html, *entry, content.measure);
    }
    html.raw("</ol>");
    if (timeline.size() > limits::page_entries_max || !content.dossier.complete) {
        html.raw("<p class=\"soft small\">Older entries: tocsin show ");
        html.text(core::incident_id(content.dossier.incident.number)).raw("</p>");
    }
    html.raw("</section>");
}

void write_footer(Html& html, const PageContent& content) {
    html.raw("<footer class=\"in\"><a class=\"button\" href=\"\">Show what is new</a>");
    html.raw("<p>As of <time datetime=\"").text(machine_time(content.now)).raw("\">");
    html.text(spoken(content.now)).raw("</time>.");
    if (content.may_act && !content.viewer.empty()) {
        html.raw(" You act as <strong>");
        write_isolated(html, content.viewer);
        html.raw("</strong>: keep this address to yourself.");
    }
    html.raw(" It stops working a day after the incident has ended.</p></footer>");
}

void begin_document(Html& html, std::string_view title) {
    html.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">");
    html.raw("<meta name=\"format-detection\" content=\"telephone=no\"><title>").text(title);
    html.raw("</title><style>").raw(page_style()).raw("</style></head>\n<body>");
}

}  // namespace

std::string incident_page(const PageContent& content) {
    const Incident& incident = content.dossier.incident;
    Html html;
    begin_document(html, core::incident_id(incident.number) + " " +
                             std::string(core::name(incident.severity)) + ": " +
                             title_of(incident));
    write_header(html, content);
    html.raw("\n<main>");
    write_actions(html, content);
    write_what(html, content);
    write_links(html, content);
    write_people(html, content);
    write_pages(html, content);
    write_communication(html, content);
    write_note_form(html, content);
    write_labels(html, content);
    write_timeline(html, content);
    html.raw("</main>\n");
    write_footer(html, content);
    html.raw("</body></html>\n");
    return std::move(html).take();
}

std::string notice_page(std::string_view heading, std::string_view sentence,
                        std::string_view back) {
    Html html;
    begin_document(html, heading);
    html.raw("<header class=\"plain\"><div class=\"in\"><h1>").text(heading);
    html.raw("</h1><p>").text(sentence).raw("</p></div></header>");
    if (!back.empty()) {
        html.raw("<main><a class=\"button\" href=\"").text(back).raw("\">Back</a></main>");
    }
    html.raw("</body></html>\n");
    return std::move(html).take();
}

}  // namespace tocsin::integrations
