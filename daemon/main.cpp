// The program: its arguments choose one row of the table of subcommands.
#include "daemon/commands.hpp"

int main(int argc, char** argv) {
    return tocsin::daemon::run_command(argc, argv);
}
