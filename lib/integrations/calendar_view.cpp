// Who is invited to which analysis, and the iCalendar text that says so.
#include "integrations/calendar_view.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/api_view.hpp"
#include "integrations/markup.hpp"

namespace tocsin::integrations {
namespace {

// ---- Who

std::vector<std::string> analysis_contact(const core::Roster& roster, Instant at) {
    const auto contact = roster.contacts.find("analysis");
    if (contact == roster.contacts.end()) return {};
    return roster.resolve(contact->second, at);
}

/// An address that can stand in a calendar as it is: nothing that ends a line, a value or a URI.
bool is_plain_address(std::string_view email) {
    const auto at = email.find('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == email.size()) return false;
    return std::none_of(email.begin(), email.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte >= 0x7F ||
               std::string_view("\"'(),:;<>[\\]?&%").find(c) != std::string_view::npos;
    });
}

std::optional<Guest> guest_named(const core::Roster& roster, std::string_view name) {
    const core::Person* person = roster.find(name);
    if (person == nullptr || !is_plain_address(person->email)) return std::nullopt;
    return Guest{.name = person->name, .email = person->email};
}

void push_once(std::vector<std::string>& names, const std::string& name) {
    if (name.empty() || name == "tocsin") return;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// Each once; who raised it first.
std::vector<std::string> participants(const Dossier& dossier, const core::Roster& roster) {
    const core::Incident& incident = dossier.incident;
    std::vector<std::string> names;
    for (const std::string& name :
         {incident.declared_by, incident.lead, incident.acknowledged_by}) {
        push_once(names, name);
    }
    for (const std::string& name : incident.people) push_once(names, name);
    for (const core::TimelineEntry& entry : dossier.timeline) push_once(names, entry.by);
    const Instant at = incident.closed_at.value_or(incident.opened_at);
    for (const std::string& name : analysis_contact(roster, at)) push_once(names, name);
    return names;
}

/// Who raised it schedules the meeting, until it is handed over to the contact.
std::optional<Guest> organizer_of(const Dossier& dossier, const core::Roster& roster) {
    const core::Incident& incident = dossier.incident;
    const Instant at = incident.closed_at.value_or(incident.opened_at);
    std::vector<std::string> names = {incident.declared_by, incident.lead};
    const std::vector<std::string> contact = analysis_contact(roster, at);
    names.insert(incident.aftermath.handed_over_at ? names.begin() : names.end(), contact.begin(),
                 contact.end());
    for (const std::string& name : names) {
        if (auto guest = guest_named(roster, name)) return guest;
    }
    return std::nullopt;
}

// ---- What

std::string description_of(const core::Incident& incident,
                           const std::vector<std::string>& without_address) {
    std::string text = core::incident_id(incident.number) + ": " + incident.title +
                       "\n\nWalk through the entire timeline as it happened.\n"
                       "In what ways did our systems surprise us?\n"
                       "How did it make sense for someone to do what they did?\n";
    if (incident.aftermath.late) {
        text += "\nNo working hour lies 24 to 48 hours after its end; this is the next one.\n";
    }
    if (!without_address.empty()) {
        text += "\nTook part, but has no address here: " + join(without_address, ", ") + "\n";
    }
    return text;
}

Error none(std::string message) {
    return Error{"not_found", std::move(message)};
}

// ---- iCalendar

std::string utc(Instant instant) {
    std::string text = format_rfc3339(instant).substr(0, 19);
    text.erase(
        std::remove_if(text.begin(), text.end(), [](char c) { return c == '-' || c == ':'; }),
        text.end());
    return text + "Z";
}

/// A content line, folded (RFC 5545 §3.1): a line after the first begins with a space.
void write_line(std::string& out, std::string_view line) {
    constexpr std::size_t octets_max = 75;
    std::size_t left = octets_max;
    while (!line.empty()) {
        const std::size_t bytes = first_code_point(line).bytes;
        if (bytes > left) {
            out += "\r\n ";
            left = octets_max - 1;
        }
        out += line.substr(0, bytes);
        line.remove_prefix(bytes);
        left -= bytes;
    }
    out += "\r\n";
}

/// A quoted parameter value (§3.2) can hold neither a double quote nor a control character.
std::string common_name(const std::string& name) {
    std::string text = visible(name);
    std::replace(text.begin(), text.end(), '"', '\'');
    std::replace(text.begin(), text.end(), '\n', ' ');
    return "CN=\"" + text + "\"";
}

}  // namespace

Result<Meeting> meeting_of(const Dossier& dossier, const core::Roster& roster,
                           std::string_view instance, std::string_view install_id,
                           std::string_view public_url) {
    const core::Incident& incident = dossier.incident;
    const std::string id = core::incident_id(incident.number);
    const core::Aftermath& after = incident.aftermath;
    if (core::is_open(incident.state)) {
        return none(id + " is still open: the meeting follows 24 to 48 hours after it is closed");
    }
    if (!after.skipped.empty()) return none("the analysis was skipped: " + after.skipped);
    if (!after.meeting_from || !after.meeting_until) {
        return none("no meeting is planned for " + id);
    }
    Meeting meeting;
    meeting.uid = std::string(instance) + "/" + std::string(install_id) + "-" + id + "-" +
                  std::to_string(incident.episode);
    meeting.sequence = after.handed_over_at ? 1 : 0;
    meeting.stamp = after.handed_over_at.value_or(incident.closed_at.value_or(incident.opened_at));
    meeting.from = *after.meeting_from;
    meeting.until = *after.meeting_until;
    meeting.title = "Analysis of " + id + ": " + truncate(incident.title, 200);
    meeting.url = incident_link(public_url, incident.number);
    meeting.organizer = organizer_of(dossier, roster);
    std::vector<std::string> without_address;
    for (const std::string& name : participants(dossier, roster)) {
        auto guest = guest_named(roster, name);
        if (!guest) {
            if (without_address.size() < core::limits::guests_max) without_address.push_back(name);
        } else if (meeting.guests.size() < core::limits::guests_max) {
            meeting.guests.push_back(*std::move(guest));
        }
    }
    meeting.description = description_of(incident, without_address);
    return meeting;
}

std::string calendar(const Meeting& meeting) {
    // PUBLISH may not name guests, and REQUEST needs who invites them (RFC 5546 §3.2).
    const bool inviting = meeting.organizer && !meeting.guests.empty();
    std::string out;
    write_line(out, "BEGIN:VCALENDAR");
    write_line(out, "VERSION:2.0");
    write_line(out, "PRODID:-//tocsin//analysis//EN");
    write_line(out, inviting ? "METHOD:REQUEST" : "METHOD:PUBLISH");
    write_line(out, "BEGIN:VEVENT");
    write_line(out, "UID:" + escape_calendar(meeting.uid));
    write_line(out, "SEQUENCE:" + std::to_string(meeting.sequence));
    write_line(out, "DTSTAMP:" + utc(meeting.stamp));
    write_line(out, "DTSTART:" + utc(meeting.from));
    write_line(out, "DTEND:" + utc(meeting.until));
    write_line(out, "SUMMARY:" + escape_calendar(meeting.title));
    write_line(out, "DESCRIPTION:" + escape_calendar(meeting.description));
    if (is_web_link(meeting.url)) write_line(out, "URL:" + meeting.url);
    if (inviting) {
        const Guest& organizer = *meeting.organizer;
        write_line(out, "ORGANIZER;" + common_name(organizer.name) + ":mailto:" + organizer.email);
        for (const Guest& guest : meeting.guests) {
            write_line(out, "ATTENDEE;" + common_name(guest.name) +
                                ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" +
                                guest.email);
        }
    }
    write_line(out, "END:VEVENT");
    write_line(out, "END:VCALENDAR");
    return out;
}

}  // namespace tocsin::integrations
