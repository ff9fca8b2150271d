"""Who answers for which building: stewards, their terms and load, visits, the care list, relayed words."""
