#pragma once
// The subcommands that talk to a running daemon over its HTTP interface.

#include <string>

#include "base/result.hpp"
#include "daemon/commands.hpp"
#include "integrations/json.hpp"

namespace tocsin::daemon {

// Reads.
int client_incidents(const Arguments& arguments);
int client_show(const Arguments& arguments);
int client_verdicts(const Arguments& arguments);
int client_status(const Arguments& arguments);
int client_oncall(const Arguments& arguments);
// Commands.
int client_declare(const Arguments& arguments);
int client_ack(const Arguments& arguments);
int client_close(const Arguments& arguments);
int client_decline(const Arguments& arguments);
int client_note(const Arguments& arguments);
int client_severity(const Arguments& arguments);
int client_lead(const Arguments& arguments);
int client_involve(const Arguments& arguments);
int client_statuspage(const Arguments& arguments);
int client_banner(const Arguments& arguments);
int client_comms(const Arguments& arguments);
int client_monitoring(const Arguments& arguments);
int client_reopen(const Arguments& arguments);
int client_merge(const Arguments& arguments);
int client_skip(const Arguments& arguments);
int client_maintenance(const Arguments& arguments);  // lists, plans, ends

// For the others: the JSON at a path, and `{"incidents":[…]}` of those that are not over.
[[nodiscard]] Result<integrations::Json> json_of(const Arguments& arguments,
                                                 const std::string& path);
[[nodiscard]] Result<integrations::Json> open_incidents(const Arguments& arguments);

}  // namespace tocsin::daemon
