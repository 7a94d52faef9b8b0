// The table of subcommands and their options; the only includer of CLI11.
#include "daemon/commands.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "daemon/check.hpp"
#include "daemon/client.hpp"
#include "daemon/serve.hpp"

namespace tocsin::daemon {
namespace {

int run_serve(const Arguments& arguments) {
    return serve(arguments.config);
}

int run_check(const Arguments& arguments) {
    return check({.config = arguments.config, .rule_files = arguments.files});
}

int run_schema(const Arguments& arguments) {
    return schema(arguments.what, arguments.markdown);
}

void serve_options(CLI::App& app, Arguments& to) {
    app.add_option("--config", to.config, "tocsin.yaml")->required();
}

void check_options(CLI::App& app, Arguments& to) {
    app.add_option("--config", to.config, "tocsin.yaml");
    app.add_option("RULE_FILE", to.files, "Rule files to check beside it, or alone");
}

void schema_options(CLI::App& app, Arguments& to) {
    app.add_option("WHAT", to.what, "config, rules or oncall")->required();
    app.add_flag("--markdown", to.markdown, "Print the reference page instead of JSON Schema");
}

void client_options(CLI::App& app, Arguments& to) {
    app.add_option("--url", to.url, "The daemon (token from the environment: TOCSIN_TOKEN)")
        ->envname("TOCSIN_URL")
        ->capture_default_str();
    app.add_flag("--json", to.json, "Print the daemon's own answer");
}

void list_options(CLI::App& app, Arguments& to) {
    client_options(app, to);
    app.add_option("--limit", to.limit, "At most so many, up to 1000");
}

void incidents_options(CLI::App& app, Arguments& to) {
    list_options(app, to);
    app.add_option("--state", to.state, "triage, active, monitoring, closed or declined");
}

void verdicts_options(CLI::App& app, Arguments& to) {
    list_options(app, to);
    app.add_option("--rule", to.rule, "Only of this rule");
    app.add_option("--outcome", to.outcome, "Only with this outcome");
    app.add_option("--since", to.since, "Not before, as 2026-03-01T02:00:00Z");
    app.add_option("--incident", to.incident, "Only of this incident");
}

void show_options(CLI::App& app, Arguments& to) {
    client_options(app, to);
    app.add_option("INCIDENT", to.incident, "INC-<number>")->required();
}

void command_options(CLI::App& app, Arguments& to) {
    client_options(app, to);
    app.add_option("--by", to.by, "Who says so (default: $USER)")->envname("USER")->required();
}

void incident_command_options(CLI::App& app, Arguments& to) {
    command_options(app, to);
    app.add_option("INCIDENT", to.incident, "INC-<number>")->required();
}

void declare_options(CLI::App& app, Arguments& to) {
    command_options(app, to);
    app.add_option("TITLE", to.text, "What is wrong, in one sentence")->required();
    app.add_option("--severity", to.severity, "minor, major (the default) or critical");
    app.add_option("--label", to.labels, "name=value; may be repeated");
}

void close_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("--cause", to.cause, "What caused it, or \"unknown\"");
    app.add_option("--fix", to.fix, "What was done about it, or \"mitigated\"");
    app.add_option("--force", to.force, "Close although signals still hold, for this reason");
}

void decline_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("--reason", to.reason, "Why it is not an incident")->required();
}

void note_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("TEXT", to.text, "For the timeline")->required();
}

void severity_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("SEVERITY", to.text, "minor, major or critical")->required();
    app.add_option("--reason", to.reason, "Why it changes")->required();
}

void lead_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("PERSON", to.text, "Who leads it (default: you)");
}

void involve_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("PERSON,--person", to.text, "A person, a team, owner:FEATURE or a contact")
        ->required();
}

void statuspage_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("MESSAGE,--message", to.text, "What customers read (default: the draft)");
    app.add_option("--status", to.what, "investigating, identified, monitoring or resolved")
        ->required();
}

void banner_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("SWITCH", to.what, "on or off")->required()->check(CLI::IsMember({"on", "off"}));
    app.add_option("TEXT,--text", to.text,
                   "What the banner says, or the name of a template: generic, delayed or "
                   "duplicated (default: generic)");
}

void comms_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("TEXT,--text", to.text, "What marketing is asked for");
}

void monitoring_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("TEXT,--text", to.text, "Which fix is in place");
}

void reopen_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("--reason", to.reason, "Why it is not over")->required();
}

void merge_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("INTO,--into", to.text, "The incident that goes on, INC-<number>")->required();
}

void skip_options(CLI::App& app, Arguments& to) {
    incident_command_options(app, to);
    app.add_option("--reason", to.reason, "Why there is nothing to learn from it")->required();
}

void maintenance_options(CLI::App& app, Arguments& to) {
    list_options(app, to);
    app.add_option("--state", to.state, "List only planned, active or over ones");
    app.add_option("NAME", to.window, "Plan (or end) the window of this name; none: list them");
    app.add_option("--by", to.by, "Who says so (default: $USER)")->envname("USER");
    app.add_option("--from", to.from, "Its start, as 2026-03-01T02:00Z (default: now)");
    auto* until = app.add_option("--to", to.to, "Its end");
    app.add_option("--for", to.lasts, "How long it lasts, as 2h30m, instead of --to")
        ->excludes(until);
    app.add_option("--match", to.labels, "name=value of what it covers; may be repeated");
    app.add_option("--rule", to.rules, "Only what this rule says; may be repeated");
    app.add_option("--announcement", to.announcement, "Where it was announced: a link");
    app.add_flag("--end", to.end, "End it now");
}

void oncall_options(CLI::App& app, Arguments& to) {
    client_options(app, to);
    app.add_option("--at", to.at, "When (default: now), as 2026-03-01T02:00:00Z");
    app.add_option("--from", to.from, "List the shifts from then on");
    app.add_option("--to", to.to, "Until then (default: a week)");
    app.add_flag("--handover", to.handover, "Print a hand-over note: to whom, when, what is open");
}

struct Row {
    const char* name;
    const char* help;
    void (*options)(CLI::App&, Arguments&);
    int (*run)(const Arguments&);
};

constexpr std::array rows{
    Row{"serve", "Run the daemon", serve_options, run_serve},
    Row{"check", "Find every problem in the configuration and rule files", check_options,
        run_check},
    Row{"schema", "Print the JSON Schema of a kind of file", schema_options, run_schema},
    Row{"status", "What is wrong now, and who is on call", client_options, client_status},
    Row{"incidents", "List incidents, newest first", incidents_options, client_incidents},
    Row{"show", "Show one incident whole", show_options, client_show},
    Row{"verdicts", "List what the rules said of which signal, and why", verdicts_options,
        client_verdicts},
    Row{"oncall", "Who was, is or will be on call", oncall_options, client_oncall},
    Row{"declare", "Declare an incident", declare_options, client_declare},
    Row{"ack", "Acknowledge an incident: paging stops", incident_command_options, client_ack},
    Row{"close", "Close an incident", close_options, client_close},
    Row{"decline", "Say that it is not an incident", decline_options, client_decline},
    Row{"note", "Write on the timeline", note_options, client_note},
    Row{"severity", "Change the severity", severity_options, client_severity},
    Row{"lead", "Name who leads", lead_options, client_lead},
    Row{"involve", "Ask somebody to join", involve_options, client_involve},
    Row{"statuspage", "Tell customers on the status page", statuspage_options, client_statuspage},
    Row{"banner", "Switch the in-app banner", banner_options, client_banner},
    Row{"comms", "Ask marketing to help telling customers", comms_options, client_comms},
    Row{"monitoring", "Say that the fix is in place", monitoring_options, client_monitoring},
    Row{"reopen", "Say that it is not over after all", reopen_options, client_reopen},
    Row{"merge", "Make one incident of two", merge_options, client_merge},
    Row{"maintenance", "List, plan and end maintenance windows", maintenance_options,
        client_maintenance},
    Row{"skip", "Do without the analysis", skip_options, client_skip},
};

}  // namespace

int run_command(int argc, char** argv) {
    CLI::App app(
        "tocsin declares incidents from alerts by written rules, and pages whoever is "
        "on call.");
    app.name("tocsin");
    app.set_version_flag("--version", "tocsin " TOCSIN_VERSION);
    app.require_subcommand(1);
    app.option_defaults()->always_capture_default(false);
    // Each command its own: CLI11 fills in environment variables of those that were not given, too.
    std::array<Arguments, rows.size()> arguments;
    int exit_code = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CLI::App* command = app.add_subcommand(rows[i].name, rows[i].help);
        rows[i].options(*command, arguments[i]);
        command->callback(
            [&exit_code, &own = arguments[i], run = rows[i].run] { exit_code = run(own); });
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool wanted = error.get_exit_code() == 0;  // --help, --version
        app.exit(error);
        return wanted ? 0 : 2;
    }
    return exit_code;
}

}  // namespace tocsin::daemon
