// One row per key of a rule file (design §4.2).
#include "config/rule_file.hpp"

namespace tocsin::config {

using schema::field;
using schema::Need;
using schema::Table;

Table<StepRow> table_of(const StepRow*) {
    return {"step",
            {field("when", &StepRow::when, "Threshold, such as `> 5m`; none: otherwise."),
             field("for", &StepRow::hold_for, "How long it must hold."),
             field("outcome", &StepRow::outcome, "What it is; default: incident."),
             field("severity", &StepRow::severity, "How bad the incident is."),
             field("communicate", &StepRow::communicate, "Customers must be told."),
             field("cite", &StepRow::cite, "The sentence of the handbook that says so.")}};
}

Table<ClearRow> table_of(const ClearRow*) {
    return {"clear",
            {field("when", &ClearRow::when, "Threshold at which it is over (hysteresis)."),
             field("for", &ClearRow::hold_for, "How long it must be over.")}};
}

Table<RuleRow> table_of(const RuleRow*) {
    using Row = RuleRow;
    return {
        "rule",
        {field("rule", &Row::rule, "Name of a rule."),
         field("alert", &Row::alert,
               "Matchers on pushed alerts; or the name of a Prometheus alert."),
         field("record", &Row::record, "Prometheus' recording rule; not evaluated yet."),
         field("expr", &Row::expr, "PromQL, asked of the metric sources."),
         field("for", &Row::hold_for, "How long the condition must hold."),
         field("keep_firing_for", &Row::keep_firing_for, "Short for `clear: {for: …}`."),
         field("labels", &Row::labels, "Labels of the alert or incident; templates."),
         field("annotations", &Row::annotations, "Annotations; templates."),
         field("when", &Row::when, "Threshold, without a ladder."),
         field("outcome", &Row::outcome, "What it is; default: incident."),
         field("severity", &Row::severity, "How bad the incident is."),
         field("communicate", &Row::communicate, "Customers must be told."),
         field("cite", &Row::cite, "The sentence of the handbook that says so."),
         field("ladder", &Row::ladder, "Steps, most severe first."),
         field("clear", &Row::clear, "How it ends."),
         field("no_data", &Row::no_data, "What missing data means."),
         field("value", &Row::value, "Template that gives an alert its number."),
         field("unit", &Row::unit, "Of the value: seconds, milliseconds, bytes, ratio, percent."),
         field("per", &Row::per, "One incident per value of these labels."),
         field("incident", &Row::incident, "Rules with the same name share an incident."),
         field("summary", &Row::summary, "Title of the incident; a template."),
         field("draft", &Row::draft,
               "What customers would be told; a template, by default the summary."),
         field("runbook_url", &Row::runbook_url, "What to do."),
         field("component", &Row::component, "For the status page."),
         field("involve", &Row::involve, "Who is called in."),
         field("tell", &Row::tell, "Who is told, without a page, whatever the outcome."),
         field("source", &Row::source, "Sources that the expression runs on; default: all."),
         field("agree", &Row::agree, "`all`: holds only where every source sees it."),
         field("continue", &Row::continue_matching, "Let later rules judge the alert too."),
         field("page", &Row::page, "Overrides the severity's paging; needs `page_reason`."),
         field("page_reason", &Row::page_reason, "Why."),
         field("private", &Row::private_incident, "Not announced."),
         field("never_suppress", &Row::never_suppress, "Not even by maintenance.")}};
}

Table<GroupRow> table_of(const GroupRow*) {
    return {"group",
            {field("name", &GroupRow::name, "Unique within the file.", Need::required),
             field("interval", &GroupRow::interval, "How often its expressions are evaluated."),
             field("query_offset", &GroupRow::query_offset, "Prometheus' own; not acted upon."),
             field("limit", &GroupRow::limit, "Prometheus' own; not acted upon."),
             field("labels", &GroupRow::labels, "Added to each rule's; the rule's win."),
             field("rules", &GroupRow::rules, "The rules.")}};
}

Table<HandbookRow> table_of(const HandbookRow*) {
    return {"handbook",
            {field("title", &HandbookRow::title, "Title of the page that the rules cite."),
             field("revision", &HandbookRow::revision, "Its date.")}};
}

Table<RuleFile> table_of(const RuleFile*) {
    return {"rule file",
            {field("handbook", &RuleFile::handbook, "What the citations are from."),
             field("to_be_mapped", &RuleFile::to_be_mapped,
                   "Metric and alert names that you still have to replace by your own."),
             field("groups", &RuleFile::groups, "Groups of rules, as in Prometheus."),
             field("unmatched", &RuleFile::unmatched, "Judges alerts that no rule matches.")}};
}

}  // namespace tocsin::config
