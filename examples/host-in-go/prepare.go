package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// prepareCommand writes metering into a module. It is run in the root of the project. A real host
// runs it once for each plugin, when that is published, and stores the result beside the original.
var prepareCommand = []string{"node", "scripts/cc-lb-plugin.mjs", "prepare", "-", "--kernel", "instance", "--json"}

// prepared are the modules that were prepared, by the bytes of the original.
var prepared = map[string][]byte{}

// prepare returns the form of a module whose kernel the host provides, or why it is refused.
func prepare(original []byte) ([]byte, error) {
	if known, ok := prepared[string(original)]; ok {
		return known, nil
	}
	folder, err := os.MkdirTemp("", "host-in-go-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	output := filepath.Join(folder, "prepared.wasm")
	command := exec.Command(prepareCommand[0], append(prepareCommand[1:], "--output", output)...)
	command.Stdin, command.Stderr = bytes.NewReader(original), os.Stderr
	report, exit := command.Output()
	var said struct {
		Error struct{ Failure map[string]any }
	}
	if err := json.Unmarshal(report, &said); err != nil {
		return nil, fmt.Errorf("%v did not report: %v", command.Args, exit)
	}
	if kind, isRefused := said.Error.Failure["kind"].(string); isRefused {
		return nil, &failure{"build", kind, said.Error.Failure}
	}
	prepared[string(original)], err = os.ReadFile(output)
	return prepared[string(original)], err
}
