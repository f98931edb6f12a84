"""Past orders played again, on other definitions than those they ran on."""
