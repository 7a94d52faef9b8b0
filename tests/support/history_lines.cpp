// The lines of a transcript: verdicts, timeline entries, changes of incidents, and orders.
#include <algorithm>

#include "base/text.hpp"
#include "support/history_world.hpp"

namespace tocsin::support {
namespace {

using namespace core;

std::string short_time(Instant at) {
    return format_rfc3339(at).substr(0, 16) + "Z";
}

std::string line_of(const Verdict& verdict) {
    std::string line = "verdict  " + (verdict.rule.empty() ? "-" : verdict.rule) +
                       verdict.labels.to_string() + ": " + std::string(name(verdict.outcome));
    if (verdict.severity != Severity::none) line += " " + std::string(name(verdict.severity));
    line += " (" + std::string(name(verdict.because)) + ")";
    if (verdict.value) line += " value " + format_number(*verdict.value);
    if (!verdict.threshold.empty()) line += " " + verdict.threshold;
    if (!verdict.cite.empty()) line += " \"" + verdict.cite + "\"";
    if (!verdict.detail.empty()) line += " [" + verdict.detail + "]";
    if (verdict.pending) line += ", pending " + verdict.pending->step;
    return line;
}

std::string line_of(const TimelineEntry& entry) {
    std::string line = incident_id(entry.incident) + "    " + entry.by + " " + entry.what + ": ";
    line += entry.text;
    if (entry.value) line += " = " + format_number(*entry.value);
    return line;
}

// The tail of a key says all that differs within one installation.
std::string tail_of(const std::string& key) {
    std::size_t at = key.find("INC-");
    return at == std::string::npos ? key.substr(key.rfind('/') + 1) : key.substr(at);
}

std::string line_of(const Effect& effect) {
    std::string line = "   -> " + effect.integration + " " + std::string(name(effect.action));
    if (!effect.person.empty()) line += " to " + effect.person;
    if (!effect.address.empty() && effect.address != effect.person) {
        line += " <" + effect.address + ">";
    }
    return line + " [" + tail_of(effect.key) + "] " + one_line(effect.text);
}

std::string row_of(const Incident& incident) {
    std::string row = std::string(name(incident.severity)) + " " +
                      std::string(name(incident.state)) + ", episode " +
                      std::to_string(incident.episode);
    if (incident.acknowledged_at) row += ", acknowledged by " + incident.acknowledged_by;
    if (!incident.lead.empty()) row += ", lead " + incident.lead;
    if (incident.page_at) row += ", pages at " + short_time(*incident.page_at);
    if (incident.notify_at) row += ", tells at " + short_time(*incident.notify_at);
    if (incident.communication_due) row += ", communication due";
    if (incident.banner.on) row += ", banner on";
    if (!incident.communication.status.empty())
        row += ", published " + incident.communication.status;
    if (!incident.people.empty()) row += ", involved " + join(incident.people, " ");
    for (std::uint64_t other : incident.also) row += ", also " + incident_id(other);
    if (incident.merged_into != 0) row += ", merged into " + incident_id(incident.merged_into);
    if (incident.unanswered_since) row += ", unanswered";
    if (incident.aftermath.meeting_from) {
        row += ", meeting " + short_time(*incident.aftermath.meeting_from) +
               (incident.aftermath.late ? " (late)" : "");
    }
    if (incident.released) row += ", key released";
    if (incident.retired) row += ", retired";
    return row;
}

std::string row_of(const Window& window) {
    std::string row = std::string(name(window.state)) + " " + short_time(window.from) + " to " +
                      short_time(window.to) + ", suppressed " + std::to_string(window.suppressed) +
                      ", outlived " + std::to_string(window.outlived);
    return window.ended_by.empty() ? row : row + ", ended by " + window.ended_by;
}

template <class T>
const T* held_in(const Boxed<Record>& record) {
    return record ? std::get_if<T>(&*record) : nullptr;
}

template <class T>
void say_row(const Change& change, const std::string& head, std::vector<std::string>& lines) {
    const T* after = held_in<T>(change.after);
    if (after == nullptr) return;
    const T* before = held_in<T>(change.before);
    std::string row = row_of(*after);
    if (before == nullptr || row_of(*before) != row) lines.push_back(head + row);
}

}  // namespace

std::vector<std::string> lines_of(const StepOutcome& outcome) {
    std::vector<std::string> lines;
    if (outcome.refusal) {
        lines.push_back("refused  " + outcome.refusal->code + ": " + outcome.refusal->message);
    }
    for (const Verdict& verdict : outcome.verdicts) lines.push_back(line_of(verdict));
    for (const Change& change : outcome.changes) {
        if (const auto* incident = held_in<Incident>(change.after)) {
            say_row<Incident>(change, incident_id(incident->number) + "    is ", lines);
        } else if (const auto* window = held_in<Window>(change.after)) {
            say_row<Window>(change, "window   " + window->name + " is ", lines);
        }
    }
    for (const Change& change : outcome.changes) {
        const auto* entry = held_in<TimelineEntry>(change.after);
        if (entry != nullptr) lines.push_back(line_of(*entry));
    }
    for (const Effect& effect : outcome.effects) lines.push_back(line_of(effect));
    return lines;
}

}  // namespace tocsin::support
