#pragma once
// The table of subcommands: name, help, options and what each one does.

#include <optional>
#include <string>
#include <vector>

namespace tocsin::daemon {

/// Everything that any subcommand can be given; each one declares the options it knows.
struct Arguments {
    std::string config;
    std::vector<std::string> files;
    std::string what;  // the kind of file, the status, on or off
    bool markdown = false;
    // Clients of a running daemon.
    std::string url = "http://127.0.0.1:9120";
    bool json = false;
    std::string incident;
    std::string by;
    std::string text;  // note, title, person, message: the one thing the command is about
    std::string reason;
    std::string cause, fix, force;
    std::string severity;
    std::vector<std::string> labels;  // name=value
    std::string state, rule, outcome, since;
    std::string limit;
    std::string window, from, to, lasts, announcement;  // maintenance
    std::vector<std::string> rules;
    bool end = false;
    std::string at;  // oncall, beside from and to
    bool handover = false;
};

/// 0: done, 1: problems were found, 2: wrong usage.
int run_command(int argc, char** argv);

}  // namespace tocsin::daemon
