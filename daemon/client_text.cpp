// Lays out incidents, verdicts and timelines in columns.
#include "daemon/client_text.hpp"

#include "base/text.hpp"
#include "daemon/text_table.hpp"

namespace tocsin::daemon {
namespace {

using integrations::Json;

std::string number_at(const Json& object, std::string_view name) {
    const auto number = object.number_at(name);
    return number ? format_number(*number) : "";
}

std::string labels_at(const Json& object, std::string_view member = "labels") {
    const Json* labels = object.find(member);
    if (labels == nullptr) return "";
    std::string text;
    for (const auto& [name, value] : labels->members()) {
        if (!text.empty()) text += ' ';
        text += one_line(name) + "=" + one_line(value.as_text().value_or(""));
    }
    return text;
}

std::string measured(const Json& object) {
    std::string text = number_at(object, "value");
    const std::string threshold = text_at(object, "threshold");
    if (!threshold.empty()) text += " (" + threshold + ")";
    return text;
}

void add_line(std::vector<Cells>& rows, const char* name, std::string value) {
    if (!value.empty()) rows.push_back({name, std::move(value)});
}

std::string at_by(const Json& incident, std::string_view at, std::string_view by) {
    std::string text = short_time(text_at(incident, at));
    const std::string person = text_at(incident, by);
    if (!text.empty() && !person.empty()) text += " by " + person;
    return text;
}

// `a, b` of a list of texts.
std::string list_at(const Json& object, std::string_view name) {
    std::string text;
    for (const auto& item : items_at(object, name)) {
        text += (text.empty() ? "" : ", ") + one_line(item.as_text().value_or(""));
    }
    return text;
}

void add_escalation(std::vector<Cells>& rows, const Json& escalation) {
    const auto level = escalation.number_at("level");
    if (!level) return;
    add_line(rows, "Escalation",
             "level " + format_number(*level) + ", round " + number_at(escalation, "round") +
                 ", since " + short_time(text_at(escalation, "level_at")));
}

void add_communication(std::vector<Cells>& rows, const Json& told) {
    const std::string due = short_time(text_at(told, "due"));
    const std::string published = short_time(text_at(told, "published_at"));
    if (!published.empty()) {
        add_line(rows, "Customers",
                 "told at " + published + "; " + text_at(told, "status") + ": " +
                     text_at(told, "message"));
    } else if (!due.empty()) {
        add_line(rows, "Tell customers", "since " + due + ", not told yet");
        add_line(rows, "Draft", text_at(told, "draft"));
    }
}

void add_banner(std::vector<Cells>& rows, const Json& banner) {
    if (text_at(banner, "changed_at").empty()) return;
    const bool on = banner.bool_at("on").value_or(false);
    add_line(rows, "Banner",
             (on ? "on since " : "off since ") + at_by(banner, "changed_at", "by") +
                 (on ? ": " + text_at(banner, "text") : ""));
}

void add_monitoring(std::vector<Cells>& rows, const Json& monitoring) {
    const std::string since = short_time(text_at(monitoring, "since"));
    if (since.empty()) return;
    std::string text =
        "since " + since + ", " + number_at(monitoring, "looks_clean") + " clean in a row";
    const std::string next = short_time(text_at(monitoring, "next_look_at"));
    if (!next.empty()) text += ", next look " + next;
    if (!text_at(monitoring, "proposed_at").empty()) text += "; it may be closed";
    add_line(rows, "Monitoring", text);
}

void add_aftermath(std::vector<Cells>& rows, const Json& aftermath) {
    const std::string skipped = text_at(aftermath, "skipped");
    const std::string from = short_time(text_at(aftermath, "meeting_from"));
    if (!skipped.empty()) {
        add_line(rows, "Analysis",
                 "skipped by " + text_at(aftermath, "skipped_by") + ": " + skipped);
    } else if (!from.empty()) {
        const bool late = aftermath.bool_at("late").value_or(false);
        add_line(rows, "Analysis",
                 from + " to " + short_time(text_at(aftermath, "meeting_until")) +
                     (late ? " (later than 48 hours)" : ""));
    }
}

// How far it has come with people, customers and what follows; nothing of what has not begun.
void add_life(std::vector<Cells>& rows, const Json& incident) {
    struct Part {
        const char* name;
        void (*add)(std::vector<Cells>& rows, const Json& part);
    };
    for (const Part& part :
         {Part{"escalation", add_escalation}, Part{"communication", add_communication},
          Part{"banner", add_banner}, Part{"monitoring", add_monitoring},
          Part{"aftermath", add_aftermath}}) {
        if (const Json* held = incident.find(part.name)) part.add(rows, *held);
    }
}

std::string section(const char* title, const std::vector<Cells>& rows) {
    return rows.empty() ? "" : "\n" + std::string(title) + "\n" + table(rows);
}

std::string pages_text(const Json& incident) {
    std::vector<Cells> rows;
    for (const auto& page : items_at(incident, "pages")) {
        const auto orders = page.number_at("orders").value_or(1);
        rows.push_back(
            {"  " + short_time(text_at(page, "ordered_at")), text_at(page, "integration"),
             text_at(page, "person"), text_at(page, "severity"), text_at(page, "state"),
             orders > 1 ? format_number(orders) + " times" : "", text_at(page, "error")});
    }
    return section("Pages", rows);
}

std::string deliveries_text(const Json& incident) {
    std::vector<Cells> rows;
    for (const auto& delivery : items_at(incident, "deliveries")) {
        rows.push_back({"  " + short_time(text_at(delivery, "ordered_at")),
                        text_at(delivery, "integration"), text_at(delivery, "action"),
                        text_at(delivery, "state"), text_at(delivery, "error")});
    }
    return section("Deliveries", rows);
}

std::string timeline_text(const Json& incident) {
    std::vector<Cells> rows;
    for (const auto& entry : items_at(incident, "timeline")) {
        rows.push_back({"  " + short_time(text_at(entry, "at")), text_at(entry, "by"),
                        text_at(entry, "what"), text_at(entry, "text")});
    }
    return section("Timeline (UTC)", rows);
}

std::string verdict_line(const Json& verdict) {
    const std::string severity = text_at(verdict, "severity");
    std::string outcome = text_at(verdict, "outcome");
    if (!severity.empty() && severity != "none") outcome += " (" + severity + ")";
    return outcome;
}

std::vector<Cells> verdict_rows(const Json& answer, const std::string& indent) {
    std::vector<Cells> rows;
    for (const auto& verdict : items_at(answer, "verdicts")) {
        std::string why = text_at(verdict, "because");
        const std::string value = measured(verdict);
        if (!value.empty()) why += " " + value;
        const std::string rule = text_at(verdict, "rule");
        rows.push_back({indent + short_time(text_at(verdict, "at")), rule.empty() ? "-" : rule,
                        verdict_line(verdict), why, text_at(verdict, "incident"),
                        labels_at(verdict)});
    }
    return rows;
}

}  // namespace

std::string incidents_text(const Json& answer) {
    std::vector<Cells> rows;
    for (const auto& incident : items_at(answer, "incidents")) {
        rows.push_back({text_at(incident, "id"), text_at(incident, "state"),
                        text_at(incident, "severity"), short_time(text_at(incident, "opened_at")),
                        text_at(incident, "lead").empty() ? "-" : text_at(incident, "lead"),
                        text_at(incident, "title")});
    }
    if (rows.empty()) return "No incidents.\n";
    rows.insert(rows.begin(), {"ID", "STATE", "SEVERITY", "OPENED (UTC)", "LEAD", "TITLE"});
    return table(rows);
}

std::string incident_text(const Json& incident) {
    std::string text = text_at(incident, "id") + " " + text_at(incident, "title") + "\n\n";
    std::vector<Cells> rows;
    add_line(rows, "State", text_at(incident, "state"));
    add_line(rows, "Severity", text_at(incident, "severity"));
    add_line(rows, "Began", short_time(text_at(incident, "began_at")));
    add_line(rows, "Opened", at_by(incident, "opened_at", "declared_by"));
    add_line(rows, "Acknowledged", at_by(incident, "acknowledged_at", "acknowledged_by"));
    add_line(rows, "Mitigated", short_time(text_at(incident, "mitigated_at")));
    add_line(rows, "Closed", at_by(incident, "closed_at", "closed_by"));
    add_line(rows, "Merged into", text_at(incident, "merged_into"));
    add_line(rows, "Lead", text_at(incident, "lead"));
    add_line(rows, "People", list_at(incident, "people"));
    add_line(rows, "Rule", text_at(incident, "rule"));
    add_line(rows, "Key", text_at(incident, "key"));
    add_line(rows, "Value", measured(incident));
    const std::string cite = text_at(incident, "cite");
    add_line(rows, "Handbook", cite.empty() ? "" : "\"" + cite + "\"");
    add_line(rows, "Labels", labels_at(incident));
    add_line(rows, "Cause", text_at(incident, "cause"));
    add_line(rows, "Fix", text_at(incident, "fix"));
    add_life(rows, incident);
    if (const Json* links = incident.find("links")) {
        add_line(rows, "Runbook", text_at(*links, "runbook"));
        add_line(rows, "Source", text_at(*links, "source"));
    }
    text += table(rows) + pages_text(incident) + deliveries_text(incident);
    text += section("Verdicts", verdict_rows(incident, "  "));
    return text + timeline_text(incident);
}

std::string verdicts_text(const Json& answer) {
    auto rows = verdict_rows(answer, "");
    if (rows.empty()) return "No verdicts.\n";
    rows.insert(rows.begin(), {"AT (UTC)", "RULE", "OUTCOME", "BECAUSE", "INCIDENT", "LABELS"});
    return table(rows);
}

std::string windows_text(const Json& answer) {
    std::vector<Cells> rows;
    for (const auto& window : items_at(answer, "maintenance")) {
        std::string scope = labels_at(window, "match");
        for (const auto& rule : items_at(window, "rules")) {
            scope += (scope.empty() ? "" : " ") + one_line(rule.as_text().value_or(""));
        }
        rows.push_back({text_at(window, "name"), text_at(window, "state"),
                        short_time(text_at(window, "from")), short_time(text_at(window, "to")),
                        number_at(window, "suppressed"), number_at(window, "outlived"), scope,
                        text_at(window, "announcement")});
    }
    if (rows.empty()) return "No maintenance.\n";
    rows.insert(rows.begin(), {"NAME", "STATE", "FROM (UTC)", "TO (UTC)", "SUPPRESSED", "OUTLIVED",
                               "COVERS", "ANNOUNCED"});
    return table(rows);
}

std::string window_text(const Json& window) {
    return "Maintenance " + text_at(window, "name") + " is " + text_at(window, "state") +
           ", from " + short_time(text_at(window, "from")) + " to " +
           short_time(text_at(window, "to")) + " UTC\n";
}

std::string outcome_text(const Json& incident) {
    return text_at(incident, "id") + " is " + text_at(incident, "state") + ", " +
           text_at(incident, "severity") + ": " + text_at(incident, "title") + "\n";
}

}  // namespace tocsin::daemon
