// One row per setting of tocsin.yaml (design §4.1).
#include "config/machine_file.hpp"

namespace tocsin::config {
namespace {

using schema::field;
using schema::Need;
using schema::Table;

SeverityRow row_of(const core::SeverityPolicy& policy) {
    return {.page = policy.page,
            .notify = policy.notify,
            .update_every = policy.update_every,
            .ask_to_raise_after = policy.ask_to_raise_after,
            .remind_after = policy.remind_after,
            .communicate = policy.communicate};
}

}  // namespace

Table<TokenRow> table_of(const TokenRow*) {
    return {"token",
            {field("name", &TokenRow::name, "Name in logs and in `source`.", Need::required),
             field("token", &TokenRow::token, "The bearer token.", Need::required),
             field("may", &TokenRow::may, "What its holder may do.", Need::required),
             field("source", &TokenRow::source, "Source that its alerts belong to.")}};
}

Table<AuthBlock> table_of(const AuthBlock*) {
    return {"auth", {field("tokens", &AuthBlock::tokens, "Bearer tokens; none: loopback only.")}};
}

Table<ExpectRow> table_of(const ExpectRow*) {
    return {"dead man's switch",
            {field("alert", &ExpectRow::alert, "Alert that always fires.", Need::required),
             field("within", &ExpectRow::within, "Longest time without it.")}};
}

Table<SourceRow> table_of(const SourceRow*) {
    return {
        "source",
        {field("name", &SourceRow::name, "Name in rules, verdicts and metrics.", Need::required),
         field("kind", &SourceRow::kind, "What is asked, and how.", Need::required),
         field("url", &SourceRow::url, "Address of the server, with its path prefix."),
         field("labels", &SourceRow::labels, "Added to its alerts and results before matching."),
         field("delay", &SourceRow::delay, "How long after a slot time it is asked."),
         field("timeout", &SourceRow::timeout, "Longest time for one answer."),
         field("interval", &SourceRow::interval, "How often it is polled."),
         field("silent_after", &SourceRow::silent_after,
               "Silent for so long is an incident; five minutes if not said, two polls at least."),
         field("headers", &SourceRow::headers, "HTTP headers of each request."),
         field("expect", &SourceRow::expect, "Dead man's switch: an alert that always fires."),
         field("queries_max", &SourceRow::queries_max, "Queries under way at once."),
         field("targets", &SourceRow::targets, "What is scraped or probed.")}};
}

Table<SeverityRow> table_of(const SeverityRow*) {
    return {"severity",
            {field("page", &SeverityRow::page, "When somebody is paged."),
             field("notify", &SeverityRow::notify, "When people are told without a page."),
             field("update_every", &SeverityRow::update_every, "Reminder to post an update."),
             field("ask_to_raise_after", &SeverityRow::ask_to_raise_after,
                   "When to ask whether it is more severe."),
             field("remind_after", &SeverityRow::remind_after, "Reminder that it is open."),
             field("communicate", &SeverityRow::communicate, "Customers must be told.")}};
}

Table<SeverityRows> table_of(const SeverityRows*) {
    return {"severities",
            {field("minor", &SeverityRows::minor, "Minor incidents."),
             field("major", &SeverityRows::major, "Major incidents."),
             field("critical", &SeverityRows::critical, "Critical incidents.")}};
}

Table<UseBlock> table_of(const UseBlock*) {
    return {"use",
            {field("page", &UseBlock::page, "Who pages; each next one is the fallback."),
             field("declare", &UseBlock::declare, "Who opens the incident and its channel."),
             field("announce", &UseBlock::announce, "Who is told of every change."),
             field("status_page", &UseBlock::status_page, "The status page."),
             field("banner", &UseBlock::banner, "The in-app banner.")}};
}

Table<PagingBlock> table_of(const PagingBlock*) {
    return {"paging",
            {field("unreachable_after", &PagingBlock::unreachable_after,
                   "A pager that refuses for so long: the fallback too."),
             field("confirm_within", &PagingBlock::confirm_within,
                   "A page not confirmed for so long: the fallback too."),
             field("fallback_after", &PagingBlock::fallback_after,
                   "A page not acknowledged for so long: the fallback too."),
             field("repeat", &PagingBlock::repeat, "How often a page is repeated."),
             field("ask_again_after", &PagingBlock::ask_again_after,
                   "Acknowledged, and silent for so long: asked again.")}};
}

Table<RecheckBlock> table_of(const RecheckBlock*) {
    return {
        "recheck",
        {field("every", &RecheckBlock::every, "How often an incident in monitoring is looked at."),
         field("clean", &RecheckBlock::clean, "Clean looks until closing is proposed.")}};
}

Table<WorkingHoursBlock> table_of(const WorkingHoursBlock*) {
    return {"working hours",
            {field("days", &WorkingHoursBlock::days, "Working days."),
             field("hours", &WorkingHoursBlock::hours, "From-to, local time."),
             field("time_zone", &WorkingHoursBlock::time_zone, "IANA time zone.")}};
}

Table<MaintenanceRow> table_of(const MaintenanceRow*) {
    return {
        "maintenance window",
        {field("name", &MaintenanceRow::name, "Name.", Need::required),
         field("from", &MaintenanceRow::from, "Start; without an offset in its `time_zone`.",
               Need::required),
         field("to", &MaintenanceRow::to, "End, likewise.", Need::required),
         field("time_zone", &MaintenanceRow::time_zone, "IANA time zone."),
         field("every", &MaintenanceRow::every,
               "Recurs after so many whole days, at the same local time."),
         field("until", &MaintenanceRow::until, "When it recurs no more."),
         field("match", &MaintenanceRow::match, "Labels of what it covers."),
         field("rules", &MaintenanceRow::rules, "Rules that it covers; none: all."),
         field("announcement", &MaintenanceRow::announcement, "Link to where it was announced."),
         field("by", &MaintenanceRow::by, "Who announced it.")}};
}

Table<Retention> table_of(const Retention*) {
    return {"retention",
            {field("journal", &Retention::journal, "How long inputs are kept for replay."),
             field("verdicts", &Retention::verdicts, "How long verdicts are kept.")}};
}

MachineFile::MachineFile() {
    const core::Policy policy;
    severities = {.minor = row_of(policy.minor),
                  .major = row_of(policy.major),
                  .critical = row_of(policy.critical)};
}

Table<MachineFile> table_of(const MachineFile*) {
    using File = MachineFile;
    return {
        "configuration",
        {field("instance", &File::instance, "Goes into every idempotency key."),
         field("public_url", &File::public_url, "Where people reach this tocsin; for links."),
         field("listen", &File::listen, "Address and port; port 0 picks a free one."),
         field("allow_anonymous", &File::allow_anonymous,
               "Listen on other than loopback without tokens."),
         field("data_dir", &File::data_dir, "Folder of the database.", Need::required),
         field("rules", &File::rules, "Rule files; patterns with * are sorted.", Need::required),
         field("oncall", &File::oncall, "The file of people and schedules."),
         field("auth", &File::auth, "Who may do what."),
         field("sources", &File::sources, "Where alerts and values come from."),
         field("integrations", &File::integrations, "Outside systems; default: one file."),
         field("severities", &File::severities, "What each severity entails."),
         field("use", &File::use, "Which integration does what."),
         field("working_hours", &File::working_hours, "When `working_hours` is."),
         field("paging", &File::paging, "How long a pager may take."),
         field("reopen_within", &File::reopen_within, "So soon after closing it reopens."),
         field("recheck", &File::recheck, "Watching a fix."),
         field("retention", &File::retention, "How long records are kept; incidents for ever."),
         field("call_url", &File::call_url, "The video call for incidents."),
         field("status_page_url", &File::status_page_url, "Where customers read what is wrong."),
         field("maintenance", &File::maintenance, "Announced maintenance windows.")}};
}

}  // namespace tocsin::config
